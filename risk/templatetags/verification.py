"""How the answer to a file looks and reads."""

from django import template

from risk.enums import Verdict
from risk.services.verification.values import Verified
from risk.services.verification.wording import sentences, sentences_of_file

register = template.Library()
register.filter("sentences", sentences)
register.filter("sentences_of_file", sentences_of_file)

_TONES = {Verdict.ISSUED: "is-success", Verdict.SIGNED: "is-success", Verdict.UNKNOWN: "is-danger"}


@register.filter
def tone_of_verdict(verified: Verified) -> str:
    """Return the class of the message: green only for the issue itself, alone or signed."""
    return _TONES.get(verified.verdict, "is-warning")
