"""What an annex misses as its page lists it, and as it would be weighed of the rows."""

from registry.models import Annex
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.weighed import Missing, missing_now
from risk.services.completeness.points import missing_points


def fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def told(annex: Annex) -> list[tuple[str, str]]:
    """Return the points of the list, each with its rule."""
    return _told(missing_now(fresh(annex)).points())


def assert_weighed_is_true(annex: Annex) -> None:
    """Fail unless the list says what is kept of each process, in its order and in its numbers."""
    missing: Missing = missing_now(fresh(annex))
    points = missing_points(kept_annex(fresh(annex)))
    assert _told(missing.points()) == _told(points)
    places = [group.process and group.process.pk for group in missing.groups]
    assert places == list(dict.fromkeys(point.place and point.place.pk for point in points))
    assert missing.blocking == sum(point.blocks for point in points)
    assert missing.warning == len(points) - missing.blocking


def _told(points) -> list[tuple[str, str]]:
    return [(point.rule.code, point.full_sentence) for point in points]
