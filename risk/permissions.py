"""Lines the risk room adds to the table of rights of `registry.permissions`."""

import rules

from registry.permissions import edits_office, is_rpct_of_catalogue, keeps_installation


@rules.predicate
def text_may_change(user, text) -> bool:
    """The texts an adopted plan has copied are printed with it, and stay."""
    return text is None or text.plan is None or not text.plan.is_adopted


PERMISSIONS = {
    "risk.change_text": (is_rpct_of_catalogue | keeps_installation) & text_may_change,
    # whoever describes a process may keep it for the colleagues, also when its annex is closed
    "risk.save_to_library": edits_office,
}

for _name, _predicate in PERMISSIONS.items():
    rules.add_perm(_name, _predicate)
