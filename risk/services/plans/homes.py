"""Where what the annex of an office has goes in the next edition, once offices have changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.models import Annex, Office
from registry.services.bulk_copies import Columns


@dataclass(frozen=True)
class Homes:
    """Offices by the keys of those before them; those that are not named stay as they are.

    `merged` says the office that took the place of one, `processes` that of each process of an
    office that is split, whose key is in `split`; what was `closed` stays behind.
    """

    merged: Mapping[int, int] = field(default_factory=dict)
    processes: Mapping[int, int] = field(default_factory=dict)
    split: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()

    def office_of(self, process: int, office: int) -> int:
        """Return the office a process of an office goes to."""
        return self.processes.get(process) or self.merged.get(office, office)

    def composed(self, annexes: Sequence[Annex], live: Iterable | None) -> dict[int, list[Annex]]:
        """Return the annexes each new one is made of, by the key of its office, its own first.

        `live` are the processes that go with offices that are split.
        """
        found: dict[int, list[Annex]] = defaultdict(list)
        parts: dict[int, list[int]] = defaultdict(list)
        if live is not None:
            for key, annex in live.order_by("annex_id", "position").values_list("pk", "annex_id"):
                if key in self.processes and self.processes[key] not in parts[annex]:
                    parts[annex].append(self.processes[key])
        for annex in annexes:
            office = annex.office_id
            for home in parts[annex.pk] if office in self.split else [self.office_of(0, office)]:
                if office not in self.closed:
                    found[home].append(annex)
        for home, sources in found.items():
            sources.sort(key=lambda row: (row.office_id != home, row.office.folded, row.pk))
        return dict(found)

    def offices_of(self, annex: Annex, composed: Mapping[int, Sequence[Annex]]) -> list[int]:
        """Return the offices that what an annex says of all of its office is for now."""
        if annex.office_id not in self.split:
            return [self.office_of(0, annex.office_id)]
        return [office for office, sources in composed.items() if annex in sources]

    def places(
        self, columns: Columns, before: Sequence[Office], after: Sequence[int]
    ) -> dict[int, int]:
        """Return the new numbers of processes by their place in `columns`.

        Only of annexes that are made of others than their own: the own processes come first, then
        those of each other office in its order.
        """
        of_office: dict[int, list[int]] = defaultdict(list)
        for place, office in enumerate(after):
            of_office[office].append(place)
        found = {}
        for office, places in of_office.items():
            from_where = {before[place].pk for place in places}
            if from_where == {office} and office not in self.split:
                continue
            ordered = sorted(
                places,
                key=lambda place: (
                    before[place].pk != office,
                    before[place].folded,
                    before[place].pk,
                    columns["position"][place],
                ),
            )
            found |= {place: number for number, place in enumerate(ordered, start=1)}
        return found

    def instead(
        self,
        offices: Sequence[int | None],
        homes: Sequence[int | None],
        came: Collection[tuple[int, int]],
    ) -> list[int | None]:
        """Return what took the place of offices: of one that is split, the part the row is in.

        `homes` are the offices of the annexes the rows are in, `came` says which office has what
        another had. In another’s annex nothing says which part is meant, and the name stays for
        somebody to correct.
        """
        if not (self.merged or self.split):
            return list(offices)
        return [
            (home if key in self.split and (home, key) in came else self.merged.get(key, key))
            if key
            else None
            for key, home in zip(offices, homes, strict=True)
        ]


AS_THEY_ARE = Homes()
"""No office has changed."""
