#!/bin/sh
# A dataset described by DCAT-AP_IT, as national catalogues ask it, read by ckanext-dcat 2.4.4 with CKAN 2.11.3 (profile
# euro_dcat_ap_2), on which catalogues of open data rest.
#
# Guess: the period it is about and its licence, Creative Commons by its own address, come to stand in the catalogue.
# Seen:  neither does. Of the period only the dates of the European profile are read (dcat:startDate), not those of the Italian
#        one (dcatapit:startDate). The licence is looked for by addresses among which there is none of Creative Commons, and then
#        by a title (dct:title, "Creative Commons Attribution"), while the Italian profile gives a foaf:name: the dataset
#        stands there as one without licence. Given both ways, both are found.
# Needs: python3 with pip (python 3.11; about 250 MB).
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  "ckan[requirements]==2.11.3" ckanext-dcat==2.4.4 ckanext-harvest==1.6.3 ckanext-scheming==3.1.0
cd "$work"
cat >read.py <<'PY'
import json
import sys

from ckanext.dcat.processors import RDFParser

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def day(text):
    return {"@type": "xsd:date", "@value": text}


def harvested(period, licence):
    """The period and the licence of the dataset that CKAN makes of ours."""
    dataset = {
        "@id": "https://dati.example.org/piano",
        "@type": ["dcatapit:Dataset", "dcat:Dataset"],
        "dct:title": {"@language": "it", "@value": "Piano"},
        "dct:temporal": {
            "@type": ["dcatapit:PeriodOfTime", "dct:PeriodOfTime"],
            "dcatapit:startDate": day("2027-01-01"),
            "dcatapit:endDate": day("2029-12-31"),
            **period,
        },
        "dcat:distribution": {"@id": "https://dati.example.org/piano.json"},
    }
    file = {
        "@id": "https://dati.example.org/piano.json",
        "@type": ["dcatapit:Distribution", "dcat:Distribution"],
        "dct:license": {"@id": LICENCE},
    }
    named = {
        "@id": LICENCE,
        "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"],
        "foaf:name": "CC BY 4.0",
        **licence,
    }
    parser = RDFParser(profiles=["euro_dcat_ap_2"])
    parser.parse(json.dumps({"@context": CONTEXT, "@graph": [dataset, file, named]}), _format="json-ld")
    (read,) = parser.datasets()
    extras = {extra["key"]: extra["value"] for extra in read["extras"]}
    return extras.get("temporal_start"), extras.get("temporal_end"), read["license_id"]


italian = harvested({}, {})
both = harvested(
    {"dcat:startDate": day("2027-01-01"), "dcat:endDate": day("2029-12-31")},
    {"dct:title": {"@language": "en", "@value": "Creative Commons Attribution"}},
)
print("as the Italian profile says it:", italian)
print("as both profiles say it:", both)
if italian != (None, None, ""):
    sys.exit("changed: what the Italian profile says is read")
if both != ("2027-01-01", "2029-12-31", "cc-by"):
    sys.exit("changed: what both say is read otherwise")
PY
venv/bin/python read.py
echo "as described: said in the Italian way alone, a dataset has neither period nor licence"
