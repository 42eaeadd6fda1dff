"""The number of a file orders and identifies, it does not stop the file."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    NEW,
    NUMBERS,
    Asked,
    Case,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
    numbered,
)

_CODES = Outcome(
    processes=numbered(
        ("Concorsi", "r1", "ALTO"), ("Mobilità", "r2", "MEDIO"), ("Permessi", "r3", "BASSO")
    ),
    notes=(Note("", ("1,1",)),),
)
_CODED = numbered(
    ("1.1 Concorsi", "r1", "ALTO"), ("1.2 Mobilità", "r2", "MEDIO"), ("1.1 Permessi", "r3", "BASSO")
)


def _titled(*titles: str) -> tuple[ProcessRow, ...]:
    levels = ("ALTO", "MEDIO", "BASSO", "ALTO")
    rows = zip(titles, ("r1", "r2", "r3", "r4"), levels, strict=True)
    return numbered(*rows)


_BARE = _titled("Concorsi", "Mobilità", "Permessi", "Collaudi")
_AS_WRITTEN = _titled("1.1 Concorsi", "1.2 Mobilità", "A.3) Permessi", "n. 4 bis Collaudi")


def _weighed(number: int, title: str, area: str, level: str, *scores: str) -> ProcessRow:
    codes = ("P1", "P2", "P3", "P4", "P5", "I1", "I2", "I3", "I4")
    return ProcessRow(
        number,
        title,
        area=area,
        level=f"PNA2013 {level}",
        ratings=dict(zip(codes, scores, strict=False)),
    )


def _weighing(*more: int) -> Outcome:
    """Return what the indices become, with `more` the columns of the image that are taken."""
    rows = (
        (1, "Selezione con concorso pubblico", "A", "BASSO", *"255512113"),
        (2, "Selezione con progressione verticale", "A", "BASSO", *"221512113"),
        (3, "Denunce di infortunio: dipendenti", "A", "BASSO", *"251111112"),
        (4, "Denunce di infortunio: privati", "A", "BASSO", *"251111112"),
        (5, "Progettazione della gara", "D", "BASSO", *"551555113"),
        (6, "Selezione del contraente", "D", "BASSO", *"551555113"),
    )
    length = 4 + 8 + len(more)
    return Outcome(
        processes=tuple(_weighed(*row[:length]) for row in rows),  # type: ignore[arg-type]
        asks=(
            Asked(
                "risk_area",
                {
                    "A – ACQUISIZIONE E PROGRESSIONE DEL PERSONALE": "A",
                    "B – CONTRATTI PUBBLICI": "D",
                },
            ),
            Asked("level", {"NULLO": "B"}),
            *([Asked("column", {ANY: "indicator:I4"})] if more else []),
        ),
        notes=tuple(
            Note("", (head,))
            for head in ("VALUTAZIONE MEDIA (A)", "VALUTAZIONE MEDIA (B)", "COEFFICIENTE", "AxBxC")
        ),
    )


_NAMES = ("alfa", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")
_TAKEN_TITLES = tuple(f"Processo di prova {name}" for name in (*_NAMES, "lambda", "mi"))


def _renumbered(*numbers: int) -> Outcome:
    return Outcome(
        processes=tuple(
            ProcessRow(
                number,
                title,
                behaviours(f"Rischio {title.rpartition(' ')[2]}"),
                office="ICT",
                level="MEDIO",
            )
            for number, title in zip(numbers, _TAKEN_TITLES, strict=True)
        ),
        asks=(
            Asked(
                "process",
                {f"n. {n} {title}": NEW for n, title in enumerate(_TAKEN_TITLES[:5], 1)},
            ),
        ),
    )


CASES = (
    Case(
        "numeri_1_1.xlsx",
        (_CODES, replace(_CODES, processes=_CODED, asks=(Asked(NUMBERS, {ANY: ANY}),))),
    ),
    Case(
        "numeri_nel_titolo.xlsx",
        (Outcome(processes=_AS_WRITTEN), Outcome(processes=_BARE, notes=(Note("", ("codic",)),))),
    ),
    Case("pesatura_indici.xlsx", (_weighing(4), _weighing())),
    Case(
        "numeri_gia_presi.xlsx",
        (_renumbered(13, 14, 15, 16, 17, *range(6, 13)), _renumbered(*range(6, 18))),
        office="ICT",
    ),
)
