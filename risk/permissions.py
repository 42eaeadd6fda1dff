"""Lines the risk room adds to the table of rights of `registry.permissions`."""

import rules

from registry.permissions import is_rpct_of_catalogue, keeps_installation


@rules.predicate
def text_may_change(user, text) -> bool:
    """The texts an adopted plan has copied are printed with it, and stay."""
    return text is None or text.plan is None or not text.plan.is_adopted


PERMISSIONS = {
    "risk.change_text": (is_rpct_of_catalogue | keeps_installation) & text_may_change,
}

for _name, _predicate in PERMISSIONS.items():
    rules.add_perm(_name, _predicate)
