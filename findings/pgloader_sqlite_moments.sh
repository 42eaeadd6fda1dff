#!/bin/sh
# A table of SQLite as Django 5.2 makes it (moments in UTC, without a zone) taken to PostgreSQL 15 by pgloader 3.6.7 of Debian 12,
# the usual way of leaving SQLite; the server is set to Europe/Rome, as servers in Italy are.
#
# Guess: pgloader asks for the zone, or takes what has none as UTC, as it makes the column one with a zone; rows it cannot
#        write stop it.
# Seen:  what was UTC is read as the hour in Rome: every moment is earlier by one hour in winter, by two in summer, and two
#        saves an hour apart on the night the clocks go back are two hours apart. Nothing says so. Checks,
#        triggers and NOT NULL are gone. A number too large for "smallint unsigned", which SQLite holds, takes with it all rows
#        of its table, good ones too; it says one error, the table is empty, and it ends with 0.
# Needs: Debian 12's pgloader 3.6.7, postgresql-15 with pg_virtualenv (postgresql-common), sqlite3.
set -eu
PATH=$PATH:/usr/lib/postgresql/15/bin
for tool in pgloader pg_virtualenv sqlite3 psql; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
case $(pgloader --version) in *'"3.6.7'*) ;; *) echo "described for pgloader 3.6.7"; exit 2 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
for name in good large; do
  sqlite3 "$name.db" "
    CREATE TABLE passo (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, at datetime NOT NULL,
      number smallint unsigned NOT NULL CHECK (number >= 0));
    CREATE TRIGGER guard BEFORE DELETE ON passo BEGIN SELECT RAISE(ABORT, 'no'); END;
    INSERT INTO passo (at, number) VALUES ('2026-01-15 08:00:00', 1), ('2026-07-15 08:00:00', 2),
      ('2026-10-25 01:30:00', 3), ('2026-10-25 02:30:00', 4);"
done
sqlite3 large.db "INSERT INTO passo (at, number) VALUES ('2026-01-16 08:00:00', 70000)"
cat >try.sh <<'TRY'
set -eu
to="postgresql://$PGUSER:$PGPASSWORD@localhost:$PGPORT/postgres"
ended=0
pgloader --root-dir "$PWD/root" "sqlite://$PWD/good.db" "$to" >good.txt 2>&1 || ended=$?
echo "good: ends with $ended"
psql -AtqF ' ' -d postgres -c "SET timezone = 'UTC'" -c "SELECT number, to_char(at, 'YYYY-MM-DD HH24:MI') FROM passo ORDER BY number" \
  -c "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal" -c "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = 'passo'::regclass" \
  -c "SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'passo'::regclass AND attnum > 0 AND attnotnull"
ended=0
pgloader --root-dir "$PWD/root" "sqlite://$PWD/large.db" "$to" >large.txt 2>&1 || ended=$?
echo "large: ends with $ended, errors told: $(grep -c 'out of range for type smallint' large.txt)"
psql -Atq -d postgres -c "SELECT count(*) FROM passo"
TRY
pg_virtualenv -v 15 -o "timezone=Europe/Rome" sh try.sh >told.txt 2>errors.txt || { cat errors.txt; exit 2; }
grep -v "PostgreSQL cluster\|Dropping cluster" told.txt >seen.txt
cat seen.txt
cat >expected.txt <<'SEEN'
good: ends with 0
1 2026-01-15 07:00
2 2026-07-15 06:00
3 2026-10-24 23:30
4 2026-10-25 01:30
0
0
id
large: ends with 0, errors told: 1
0
SEEN
diff expected.txt seen.txt || { echo "changed"; exit 1; }
echo "as described: moments are moved, guards are lost, one number empties a table"
