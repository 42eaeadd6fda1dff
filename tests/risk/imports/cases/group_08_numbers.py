"""The number of a file orders and identifies, it does not stop the file."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    NEW,
    Asked,
    Case,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
    numbered,
)


def _with_codes(rows: tuple[ProcessRow, ...], *codes: str) -> tuple[ProcessRow, ...]:
    return tuple(replace(row, code=code) for row, code in zip(rows, codes, strict=True))


_CODES = Outcome(
    processes=_with_codes(
        numbered(
            ("Concorsi", "r1", "ALTO"), ("Mobilità", "r2", "MEDIO"), ("Permessi", "r3", "BASSO")
        ),
        *("1,1", "1,2", "1,1"),
    ),
    notes=(Note("", ("1,1",)),),
)
_TITLED = Outcome(
    processes=_with_codes(
        numbered(
            ("Concorsi", "r1", "ALTO"),
            ("Mobilità", "r2", "MEDIO"),
            ("Permessi", "r3", "BASSO"),
            ("Collaudi", "r4", "ALTO"),
        ),
        *("1.1", "1.2", "A.3", "4 bis"),
    ),
    notes=(Note("", ("codic",)),),
)


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
    weighed = tuple(_weighed(*row[:length]) for row in rows)  # type: ignore[arg-type]
    return Outcome(
        processes=_with_codes(weighed, "A1", "A2", "A5a", "A5b", "B9", "B10"),
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
    Case("numeri_1_1.xlsx", (_CODES,)),
    Case("numeri_nel_titolo.xlsx", (_TITLED,)),
    Case("pesatura_indici.xlsx", (_weighing(4), _weighing())),
    Case(
        "numeri_gia_presi.xlsx",
        (_renumbered(13, 14, 15, 16, 17, *range(6, 13)), _renumbered(*range(6, 18))),
        office="ICT",
    ),
)
