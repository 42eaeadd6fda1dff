"""How a line of the table of addresses is read: kinds of addresses, and who may what there."""

from dataclasses import dataclass, field

NOT_FOUND, REFUSED = 404, 403
_CODES = {"-": NOT_FOUND, "F": REFUSED, "5": 405, "K": 200}

KINDS = {
    # The columns are the people: editor, head, deputy, RPCT, auditor, superuser. "y" may; "-" is
    # told 404, "F" 403, "K" 200. The rows are the homes: own office, another office, another body.
    "everyone": ("yyyyyy", "yyyyyy", "yyyyyy"),
    "nobody": ("------", "------", "------"),
    # what hangs on an annex: its office, the RPCT and the auditor read it
    "reads": ("yyyyy-", "---yy-", "------"),
    "writes": ("yyyyF-", "---yF-", "------"),
    # what a round of monitoring asks of an office: its people answer, its heads confirm
    "answers": ("yyyFF-", "---FF-", "------"),
    "confirms": ("FyyFF-", "---FF-", "------"),
    # all that hangs on a plan: who reads a body as a whole
    "whole": ("---yy-", "---yy-", "------"),
    # what hangs on a plan: every member of the body reads it
    "members": ("yyyyy-", "yyyyy-", "------"),
    "rpct": ("---y--", "---y--", "------"),
    # what is read by who reads a body as a whole, and written by its RPCT
    "reviews": ("---yF-", "---yF-", "------"),
    # what its members read and its RPCT keeps
    "keeps": ("FFFyF-", "FFFyF-", "------"),
    # a request of an office, or a contribution on its rows: its RPCT decides, others only read
    "decides": ("FFFyF-", "---yF-", "------"),
    # a file brought into a plan: whoever works for an office of the body; then who brought it
    "importers": ("yyyyF-", "yyyyF-", "------"),
    "import": ("-y-y--", "---y--", "------"),
    # people of a body: its RPCT and the keeper of the installation
    "keepers": ("FFFyFy", "FFFyFy", "-----y"),
    "people": ("FFFyFK", "FFFyFK", "FFFyFK"),
    # the trail: who reads a body as a whole, and the keeper of the installation
    "trail": ("FFFyyy", "FFFyyy", "-----y"),
    "trails": ("FFFyyK", "FFFyyK", "FFFyyK"),
    "keepers, hidden": ("---y-y", "---y-y", "-----y"),
    "library": ("yyyyyy", "yyyyyy", "-----y"),
    # long work: who asked for it (the head, here) and the RPCT
    "job": ("-y-y--", "---y--", "------"),
    # the back office: rows of an annex; a superuser has no right on any
    "admin reads": ("yyyyyF", "---yyF", "-----F"),
    "admin writes": ("yyyyFF", "---yFF", "----FF"),
    "superuser": ("FFFFFy", "FFFFFy", "FFFFFy"),
    "admin rpct": ("FFFyFF", "FFFyFF", "FFF-FF"),
}
NONE = ("555555", "555555", "555555")


@dataclass(frozen=True)
class Line:
    """One address: who may GET and POST it, as "kind code", and the parts its row does not tell."""

    get: str = ""
    post: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)

    def expected(self, method: str, home: int) -> tuple[int, ...]:
        """Return the code each person is promised, in the order of the columns."""
        kind, _space, code = getattr(self, method).rpartition(" ")
        who = KINDS[kind] if kind else NONE
        return tuple(int(code) if one == "y" else _CODES[one] for one in who[home])


def page(kind: str, code: int = 200, **options) -> Line:
    """A page that is only read."""
    return Line(get=f"{kind} {code}", **options)


def act(kind: str, code: int = 200, **options) -> Line:
    """An act by POST alone; 200 shows the form or the row again, 302 leads on."""
    return Line(post=f"{kind} {code}", **options)


def asked(code: int = 200, **options) -> Line:
    """An act of whoever writes, with a page of its own that asks first."""
    return Line(get="writes 200", post=f"writes {code}", **options)
