"""Writes what the site is made of: the libraries of an environment as CycloneDX.

Names, versions, licences, and who needs whom. The addresses of projects and packages are left out:
a package URL names a library without saying where a machine fetches it. So is the version of the
site: the list is that of the checkout it stands in.

    python tools/sbom.py ENVIRONMENT FILE
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = "ptpct"


def main(environment: str, target: str) -> None:
    """Write the list of the libraries installed in `environment` to the file `target`."""
    asked = Path("requirements.in").read_text(encoding="utf-8")
    bom = tidied(_listed(environment), asked_for(asked))
    text = json.dumps(bom, indent=1, sort_keys=True, ensure_ascii=False)
    Path(target).write_text(text + "\n", encoding="utf-8")


def asked_for(requirements: str) -> set[str]:
    """Return the libraries that requirements.in names, in the spelling of `canonical`."""
    lines = re.findall(r"^[A-Za-z0-9._-]+", requirements, re.MULTILINE)
    return {canonical(line) for line in lines if not line.startswith("-")}


def canonical(name: str) -> str:
    """Return a library's name as package URLs spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def tidied(bom: dict[str, Any], direct: set[str]) -> dict[str, Any]:
    """Return the list without addresses, with the libraries the site itself asks for.

    The tool knows what libraries need each other for, and not what the site needs.
    """
    root = {"bom-ref": ROOT, "name": ROOT, "type": "application"}
    names = {part["bom-ref"]: canonical(part["name"]) for part in bom["components"]}
    needed = sorted(ref for ref, name in names.items() if name in direct)
    others = [line for line in bom["dependencies"] if line["ref"] in names]
    tools = [_named(tool) for tool in bom["metadata"]["tools"]["components"]]
    return bom | {
        "metadata": {"component": root, "tools": {"components": tools}},
        "components": [_without_addresses(part) for part in bom["components"]],
        "dependencies": [{"ref": ROOT, "dependsOn": needed}, *others],
    }


def _listed(environment: str) -> dict[str, Any]:
    command = [Path(sys.executable).parent / "cyclonedx-py", "environment"]
    options = ["--output-reproducible", "--output-format", "JSON", f"{environment}/bin/python"]
    output = subprocess.run([*command, *options], check=True, capture_output=True).stdout  # noqa: S603
    return json.loads(output)


def _without_addresses(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "externalReferences"}


def _named(tool: dict[str, Any]) -> dict[str, Any]:
    return {key: tool[key] for key in ("name", "type", "version")}


if __name__ == "__main__":
    main(*sys.argv[1:])
