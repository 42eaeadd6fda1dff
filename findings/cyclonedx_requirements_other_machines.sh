#!/bin/sh
# cyclonedx-bom 7.5.0, `cyclonedx-py requirements` on a lock file that is good for several machines.
#
# Guess: the list of a lock file holds what this machine installs of it, each with its licence.
# Seen:  markers are not asked: a library for Windows alone, which pip leaves out here, is a component like
#        the others. No component has a licence, none depends on another, and each is named after the
#        number of its line, so that a comment added above changes every reference of the file.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" cyclonedx-bom==7.5.0
printf '%s\n' 'colorama==0.4.6 ; sys_platform == "win32"' 'click==8.1.8' >"$work/lock.txt"
{ echo "# a comment"; cat "$work/lock.txt"; } >"$work/lock2.txt"
for name in lock lock2; do
  PYTHONPATH="$work/lib" python3 -m cyclonedx_py requirements --output-reproducible --output-format JSON \
    --output-file "$work/$name.json" "$work/$name.txt" 2>/dev/null
done
python3 - "$work" <<'PY'
import json
import sys
from pathlib import Path

first, second = (json.loads((Path(sys.argv[1]) / f"{name}.json").read_text()) for name in ("lock", "lock2"))
components = first["components"]
names = sorted(component["name"] for component in components)
references = [sorted(c["bom-ref"] for c in bom["components"]) for bom in (first, second)]
print("components:", names)
print("references:", *references)
print("with a licence:", sum("licenses" in component for component in components))
print("with dependencies:", sum("dependsOn" in line for line in first["dependencies"]))
if "colorama" not in names or any("licenses" in component for component in components):
    raise SystemExit("changed: markers or licences are read")
if references[0] == references[1]:
    raise SystemExit("changed: references no longer follow the lines")
PY
echo "as described: other machines' libraries are listed, no licences, references by line"
