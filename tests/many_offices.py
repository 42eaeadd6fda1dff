"""What a large body has beside a small one: offices, people, editions of its plan."""

import datetime

from registry.models import Administration, Annex, Membership, Office, Plan, User

OFFICES, PEOPLE, YEARS = 300, 200, 12
MOST_GROWN = 30_000
"""Bytes a page may have more where there are so many more of each: less than one list of offices.

A screen of fifty rows is about as much.
"""
START = datetime.date(2020, 1, 1)


def add_many(body: Administration) -> None:
    """Give a body so many offices with annexes, people and editions more.

    Their names are as long as real ones.
    """
    offices = Office.objects.bulk_create(
        Office(
            administration=body,
            code=f"GRANDE{n:03}",
            name=f"Zona {n:03}, servizio per la gestione amministrativa e contabile del patrimonio",
        )
        for n in range(OFFICES)
    )
    plan = body.plans.order_by("pk")[0]
    Annex.objects.bulk_create(Annex(plan=plan, office=office) for office in offices)
    people = User.objects.bulk_create(
        User(username=f"z-molti-{n:03}", first_name=f"Z{n:03}", last_name="Zeta Moltissimi")
        for n in range(PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(
            user=person,
            administration=body,
            office=offices[n % OFFICES],
            role="editor",
            starts_on=START,
        )
        for n, person in enumerate(people)
    )
    Plan.objects.bulk_create(
        Plan(
            administration=body,
            title=f"PTPCT {first}/{first + 2}",
            first_year=first,
            last_year=first + 2,
        )
        for first in range(1990, 1990 + YEARS)
    )
