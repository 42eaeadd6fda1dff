"""Who is meant by what was typed at the door."""

from django.db.models import Q

from registry.models import User


def person_called(login: str) -> User | None:
    """Return who has a name or an address, the address first; one query, whether there or not."""
    if not login:
        return None
    people = User.objects.filter(Q(email__iexact=login) | Q(username__iexact=login))
    by_address = sorted(people, key=lambda person: person.email.lower() != login.lower())
    return by_address[0] if by_address else None
