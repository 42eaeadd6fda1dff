"""Lines the risk room adds to the table of rights of `registry.permissions`."""

import rules
from django.apps import apps

from registry.permissions import (
    edits_office,
    is_rpct_of_catalogue,
    is_rpct_of_plan,
    keeps_installation,
    plan_in_preparation,
    reach_of,
)
from registry.roles import EDITING


@rules.predicate
def text_may_change(user, text) -> bool:
    """The texts an adopted plan has copied are printed with it, and stay."""
    return text is None or text.plan is None or not text.plan.is_adopted


@rules.predicate
def edits_in_plan(user, plan) -> bool:
    """Tell whether the person is editor or head of any office of the plan's body."""
    own = reach_of(user).offices(EDITING)
    offices = apps.get_model("registry", "Office").objects.filter(pk__in=own)
    return bool(own) and offices.filter(administration=plan.administration_id).exists()


@rules.predicate
def heads_in_plan(user, plan) -> bool:
    """Tell whether the person is head of any office of the plan's body."""
    headed = reach_of(user).headed_offices
    offices = apps.get_model("registry", "Office").objects.filter(pk__in=headed)
    return bool(headed) and offices.filter(administration=plan.administration_id).exists()


@rules.predicate
def reads_whole_plan(user, plan) -> bool:
    """Tell whether the person reads every annex of a plan, whatever its office."""
    return plan.administration_id in reach_of(user).whole_bodies


PERMISSIONS = {
    "risk.change_text": (is_rpct_of_catalogue | keeps_installation) & text_may_change,
    # whoever describes a process may keep it for the colleagues, also when its annex is closed
    "risk.save_to_library": edits_office,
    "risk.read_whole_plan": reads_whole_plan,
    # which rows of the file may be taken is asked annex by annex
    "risk.import_register": is_rpct_of_plan | edits_in_plan,
    # the chapters are the RPCT’s: everybody who works for an office may say something of them, and
    # who answers for one approves them
    "risk.remark_chapter": is_rpct_of_plan | edits_in_plan,
    "risk.approve_chapter": (is_rpct_of_plan | heads_in_plan) & plan_in_preparation,
}

for _name, _predicate in PERMISSIONS.items():
    rules.add_perm(_name, _predicate)
