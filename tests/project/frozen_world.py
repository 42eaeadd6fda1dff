"""Two bodies, one of which is frozen: what the attacks are made on."""

from typing import Any

from registry.acts import act
from registry.models import Process, User
from risk.models import (
    AnnexIssue,
    Approval,
    ChapterApproval,
    ChapterRemark,
    ChapterRemarkAnswer,
    ColumnMapping,
    Confirmation,
    DeadlineExtension,
    DocumentChoice,
    Emblem,
    EmblemImage,
    Evidence,
    Exemption,
    Fact,
    FollowUp,
    ListEntryRequest,
    Measurement,
    MonitoringRound,
    PlanIssue,
    Reminder,
    RiskAlias,
    RoundCheck,
    RoundCorrection,
    RoundIssue,
    RoundTransition,
    StepState,
    YearlyReview,
)
from tests.register import adopt, close, reconfirm
from tests.risk.admin.world import build

CONDITIONS = (
    *("no_corruption_facts", "no_organisational_change"),
    *("no_strategic_change", "no_other_section_change"),
)
ISSUED = {"issued_at": "2021-01-01T00:00Z", "data": "{}", "pdf": b"x"} | dict.fromkeys(
    ("data_digest", "pdf_digest"), "0" * 64
)


def frozen_world() -> Any:
    """Return two bodies: the rows of the first are frozen, those of the other, made later, free."""
    world = build()
    one, by = world.a, User.objects.get(username="osserva")
    for body in (one, world.b):
        fill_in(body)
    with act("prova", by=by):
        one.process.save()
        one.textblock.save()
    close(one.annex)
    Approval.objects.create(process=one.process, by=by, digest="0" * 64)
    Exemption.objects.create(annex=one.annex, reason="Soppresso.", by=by)
    DeadlineExtension.objects.create(annex=one.annex, due_on="2021-01-10", reason="Rinvio.", by=by)
    ListEntryRequest.objects.create(
        annex=one.annex, kind="macroprocess", text="Voce", asked_by=by, before=1
    )
    Reminder.objects.create(annex=one.annex, on="2021-01-09", people=1, by=by)
    issue = AnnexIssue.objects.create(annex=one.annex, plan=one.plan, number=1, by=by, **ISSUED)
    PlanIssue.objects.create(plan=one.plan, by=by, **ISSUED).annex_issues.add(issue)
    Confirmation.objects.create(
        plan=one.plan,
        year=2022,
        staff=9,
        **dict.fromkeys(CONDITIONS, True),
        by=by,
        organ="Giunta",
        act_kind="D",
        act_number="1",
        act_date="2022-01-01",
    )
    _issue_round(one.monitoringround, by)
    Fact.objects.create(plan=one.plan, kind="criminal", year=2021, was_measure="no", by=by)
    YearlyReview.objects.create(plan=one.plan, year=2021, conclusions="Basta così.", by=by)
    adopt(one.plan)
    return world


def _issue_round(row, by) -> None:
    """Issue a round of monitoring, past all checks."""
    RoundTransition.objects.create(
        round=row, verb="issue", from_state="draft", to_state="issued", by=by
    )
    RoundIssue.objects.create(round=row, by=by, **ISSUED)
    MonitoringRound.objects.filter(pk=row.pk).update(state="issued")
    # it outlives its round, until a proof closes it
    FollowUp.objects.filter(round=row).update(closed_on="2022-01-01", reference="Prot. 3")
    RoundCorrection.objects.create(round=row, said="Altro", reason="Si è saputo dopo", by=by)


def fill_in(one) -> None:
    """Give a body a row of the kinds its world has none of, lists of choices first."""
    lists = {"categories": "eventcategory", "factors": "enablingfactor", "measures": "measure"}
    lists |= {"phases": "libraryphase", "actions": "libraryaction"}
    lists |= {"typologies": "measuretypology", "event_categories": "eventcategory"}
    lists |= {"enabling_factors": "enablingfactor", "anac_areas": "anacarea"}
    for owner in (one.riskbehaviour, one.librarybehaviour, one.measure):
        for field in owner._meta.many_to_many:
            getattr(owner, field.name).add(getattr(one, lists[field.name]))
    copy = {"position": 90, "number": 90, "title": "Copia", "origin_uid": one.process.uid}
    reconfirm(Process.objects.create(annex=one.annex, **copy))
    body = {"administration": one.administration}
    ColumnMapping.objects.create(layout="completo", heading="Fase", field="phase", **body)
    DocumentChoice.objects.create(name="per la Giunta", parts="sintesi", **body)
    image, _made = EmblemImage.objects.get_or_create(
        digest="0" * 64, defaults={"kind": "image/png", "content": b"x"}
    )
    Emblem.objects.create(image=image, alternative="Stemma", **body)
    RiskAlias.objects.create(kind="level", text="Bassissimo", level=one.level, **body)
    who = User.objects.get(username="osserva")
    ChapterApproval.objects.create(chapter=one.chapter, digest="0" * 64, by=who)
    remark = ChapterRemark.objects.create(chapter=one.chapter, text="Manca un dato.", by=who)
    ChapterRemarkAnswer.objects.create(remark=remark, text="Quale?", by=who)
    said = {"item": one.rounditem, "by": User.objects.get(username="osserva")}
    day = {"measured_on": "2021-06-30", "source": "Protocollo", "value": 1}
    Measurement.objects.create(indicator=one.progressindicator, **day, **said)
    StepState.objects.create(item=one.rounditem, step=one.implementationstep, note="Avviata")
    Evidence.objects.create(reference="Verbale 3/2021", proves="La prova", **said)
    RoundCheck.objects.create(outcome="confirmed", looked_at="Il verbale", **said)
