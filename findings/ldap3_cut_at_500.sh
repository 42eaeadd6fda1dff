#!/bin/sh
# ldap3 2.9.1 asking OpenLDAP's slapd 2.5 (Debian 12, limits as they come) for 600 people.
#
# Guess: a plain search is cut at slapd's 500 and says so (False, or LDAPSizeLimitExceededResult where
#        exceptions are asked for); a paged search gets all 600.
# Seen:  the cut search returns True, with raise_exceptions too: sizeLimitExceeded is on ldap3's list
#        of results never raised, only result["description"] tells. Pages do not help: slapd counts
#        over all pages, and the generator of ldap3 ends after 500 entries without a word.
# Needs: Debian's slapd (started here on a socket of its own, without its service), python3 with pip.
set -eu
PATH=$PATH:/usr/sbin
for tool in slapd slapadd python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi; rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" ldap3==2.9.1
cd "$work"
mkdir data
cat >slapd.conf <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=comune,dc=it"
directory $work/data
CONF
python3 - >people.ldif <<'PY'
print("dn: dc=comune,dc=it\nobjectClass: dcObject\nobjectClass: organization\ndc: comune\no: Comune\n")
for n in range(600):
    print(f"dn: cn=Persona {n},dc=comune,dc=it\nobjectClass: inetOrgPerson\ncn: Persona {n}\nsn: Rossi\nuserPassword: parola\n")
PY
slapadd -q -f slapd.conf -l people.ldif 2>/dev/null
slapd -f slapd.conf -h "ldapi://$(printf '%s' "$work/socket" | sed 's|/|%2F|g')" -d 0 &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -S socket ] && break || sleep 1; done
PYTHONPATH="$work/lib" python3 - <<'PY'
import sys
import warnings
from pathlib import Path
from urllib.parse import quote

import ldap3

warnings.simplefilter("ignore")
SEARCH = ("dc=comune,dc=it", "(objectClass=inetOrgPerson)")
server = ldap3.Server(f"ldapi://{quote(str(Path('socket').resolve()), safe='')}")
seen = []
for strict in (False, True):
    person = ldap3.Connection(
        server, "cn=Persona 1,dc=comune,dc=it", "parola", auto_bind=True, raise_exceptions=strict
    )
    answer = person.search(*SEARCH, attributes=["cn"])
    plain = (answer, len(person.entries), person.result["description"])
    paged = sum(1 for _ in person.extend.standard.paged_search(*SEARCH, attributes=["cn"], paged_size=100))
    print(f"raise_exceptions={strict}: search {plain}, paged search {paged} entries")
    seen.append((plain, paged))
if seen != [((True, 500, "sizeLimitExceeded"), 500)] * 2:
    sys.exit("changed: the limit is told otherwise")
PY
echo "as described: 500 of 600, with True and without an exception"
