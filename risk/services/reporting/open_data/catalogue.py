"""The record by which catalogues of open data find a published plan: DCAT-AP_IT, as JSON-LD.

The profile and its mandatory properties: Linee guida per i cataloghi dati (AgID); vocabularies of
themes, frequencies, file types and languages of the Publications Office of the European Union.
"""

from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Administration, Plan
from risk.content.plan_values import PlanDocument
from risk.models import PlanIssue
from risk.services.plans.documents import printed_plan
from risk.services.plans.succession import Succession, succession_of, successions
from risk.services.reporting.open_data.plans import LICENCE, address, plan_data
from risk.services.reporting.open_data.tables import TABLES

_EU = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def plan_record(issue: PlanIssue) -> dict[str, Any]:
    """Return the record of one published plan; `issue` comes with its plan."""
    document = printed_plan(issue)
    agent = _agent(document.ipa_code, document.administration)
    contact = _contact(issue.plan.administration)
    place = succession_of(issue.plan)
    nodes = [*_dataset(issue, document, place), agent, *contact, _licence()]
    return {"@context": CONTEXT, "@graph": nodes}


def catalogue_of(body: Administration) -> dict[str, Any]:
    """Return the catalogue of the published plans of a body, which is what harvesters are given."""
    light = PlanIssue.objects.defer("html", "pdf")
    plans = Plan.objects.public().filter(administration=body).select_related("administration")
    loaded = plans.prefetch_related(Prefetch("issue", queryset=light)).order_by("pk")
    issues = [plan.issue for plan in loaded]
    places = successions(body)
    nodes = [
        node
        for issue in issues
        for node in _dataset(issue, printed_plan(issue), places[issue.plan_id])
    ]
    agent = _agent(body.ipa_code, body.name)
    catalogue = {
        "@id": address("open_data_catalogue", body.ipa_code),
        "@type": ["dcatapit:Catalog", "dcat:Catalog"],
        "dct:title": _italian(_("Piani per la prevenzione della corruzione, %s") % body.name),
        "dct:description": _italian(
            _("I piani adottati e pubblicati, con processi, rischi e misure di ogni ufficio.")
        ),
        "dct:publisher": {"@id": agent["@id"]},
        "dct:modified": _day(max(_modified(issue, places[issue.plan_id]) for issue in issues)),
        "dct:language": {"@id": f"{_EU}/language/ITA"},
        "dcat:themeTaxonomy": {"@id": f"{_EU}/data-theme"},
        "foaf:homepage": {"@id": address("published")},
        "dcat:dataset": [{"@id": _plan_address(issue.plan)} for issue in issues],
    }
    graph = [catalogue, *nodes, agent, *_contact(body), _licence()]
    return {"@context": CONTEXT, "@graph": graph}


def _dataset(issue: PlanIssue, document: PlanDocument, place: Succession) -> list[dict[str, Any]]:
    """Return the dataset that a plan is, and its distributions."""
    plan, data = issue.plan, plan_data(issue, document)
    distributions = _distributions(plan)
    agent = {"@id": _agent_id(document.ipa_code)}
    dataset = {
        "@id": _plan_address(plan),
        "@type": ["dcatapit:Dataset", "dcat:Dataset"],
        "dct:identifier": f"{document.ipa_code}:{plan.slug}",
        "dct:title": _italian(f"{document.title}, {document.administration}"),
        "dct:description": _italian(
            _(
                "Processi, comportamenti a rischio, valutazioni e misure del piano "
                "per la prevenzione della corruzione, così come adottato e pubblicato."
            )
        ),
        "dct:issued": _day(plan.published_on or timezone.localdate(issue.issued_at)),
        "dct:modified": _day(_modified(issue, place)),
        "dct:publisher": agent,
        "dct:rightsHolder": agent,
        "dct:creator": agent,
        "dct:language": {"@id": f"{_EU}/language/ITA"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/NEVER"},
        "dct:temporal": _period(data["primo_anno"], data["ultimo_anno"]),
        "dcat:theme": {"@id": f"{_EU}/data-theme/GOVE"},
        "dcat:keyword": ["PTPCT", _("prevenzione della corruzione"), _("rischi corruttivi")],
        "dcat:landingPage": {"@id": _plan_address(plan)},
        "dcat:distribution": [{"@id": row["@id"]} for row in distributions],
        "owl:versionInfo": data["impronta_dati"],
        **_places(place),
    }
    for contact in _contact(plan.administration):
        dataset["dcat:contactPoint"] = {"@id": contact["@id"]}
    return [dataset, *distributions]


def _period(first_year: int, last_year: int) -> dict[str, Any]:
    """Return the years of a plan, also as the European profile names them.

    A catalogue that knows the European profile alone, as CKAN's, reads no other names.
    """
    begins, ends = _day(f"{first_year}-01-01"), _day(f"{last_year}-12-31")
    return {
        "@type": ["dcatapit:PeriodOfTime", "dct:PeriodOfTime"],
        "dcatapit:startDate": begins,
        "dcatapit:endDate": ends,
        "dcat:startDate": begins,
        "dcat:endDate": ends,
    }


def _places(place: Succession) -> dict[str, dict[str, str]]:
    """Return which dataset this one replaces and which took its place, where there is one."""
    others = {"dct:replaces": place.replaces, "dct:isReplacedBy": place.replaced_by}
    return {name: {"@id": _plan_address(plan)} for name, plan in others.items() if plan}


def _distributions(plan: Plan) -> list[dict[str, Any]]:
    parts = (plan.administration.ipa_code, plan.slug)
    whole = _distribution(
        plan, address("open_data", *parts), "JSON", _("Il piano intero"), is_described=True
    )
    tables = [
        _distribution(plan, address("open_data_table", *parts, name), "CSV", str(label))
        for name, (label, _heads, _rows) in TABLES.items()
    ]
    return [whole, *tables]


def _distribution(
    plan: Plan, where: str, file_type: str, title: str, *, is_described: bool = False
) -> dict[str, Any]:
    schema = {"dct:conformsTo": {"@id": address("open_data_schema")}} if is_described else {}
    return {
        "@id": where,
        "@type": ["dcatapit:Distribution", "dcat:Distribution"],
        "dct:title": _italian(f"{title} ({file_type})"),
        "dct:format": {"@id": f"{_EU}/file-type/{file_type}"},
        "dct:license": {"@id": LICENCE},
        "dcat:accessURL": {"@id": _plan_address(plan)},
        "dcat:downloadURL": {"@id": where},
        **schema,
    }


def _agent(ipa_code: str, name: str) -> dict[str, Any]:
    return {
        "@id": _agent_id(ipa_code),
        "@type": ["dcatapit:Agent", "foaf:Agent"],
        "dct:identifier": ipa_code,
        "foaf:name": _italian(name),
    }


def _contact(body: Administration) -> list[dict[str, Any]]:
    """Return whom to ask about the data: none without an address, which the profile demands."""
    if not body.open_data_contact:
        return []
    return [
        {
            "@id": f"{address('open_data_catalogue', body.ipa_code)}#contatto",
            "@type": ["dcatapit:Organization", "vcard:Kind", "vcard:Organization"],
            "vcard:fn": _italian(body.name),
            "vcard:hasEmail": {"@id": f"mailto:{body.open_data_contact}"},
        }
    ]


def _agent_id(ipa_code: str) -> str:
    """Return how the national catalogue names a body."""
    return f"http://dati.gov.it/resource/Amministrazione/{ipa_code}"


def _licence() -> dict[str, Any]:
    """Return the licence, also by the titles CKAN knows it by: it does not know the address."""
    titles = {"en": "Creative Commons Attribution", "it": "Creative Commons Attribuzione"}
    return {
        "@id": LICENCE,
        "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"],
        "dct:type": {"@id": "http://purl.org/adms/licencetype/Attribution"},
        "dct:title": [{"@language": key, "@value": title} for key, title in titles.items()],
        "foaf:name": "CC BY 4.0",
        "owl:versionInfo": "4.0",
    }


def _plan_address(plan: Plan) -> str:
    return address("published_plan", plan.administration.ipa_code, plan.slug)


def _modified(issue: PlanIssue, place: Succession) -> date:
    """Return the day since which the record says what it says, its place among plans too."""
    return timezone.localdate(max(filter(None, (issue.issued_at, place.since))))


def _day(day: Any) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": str(day)}


def _italian(text: str) -> dict[str, str]:
    return {"@language": "it", "@value": text}
