"""Asks which of the locked libraries have known faults, and says which could not be asked about.

The tool that asks ends well, with "no known vulnerabilities", also where its service does not know
a library or is out of reach. Here what it skips counts as not checked, and is said.

    python tools/advisories.py requirements.txt …      (0: all checked, none with a known fault)
"""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Findings:
    """What came of asking: the faults of each library, and the libraries nobody answered for."""

    asked: int
    faults: dict[str, list[str]] = field(default_factory=dict)
    unchecked: set[str] = field(default_factory=set)

    @property
    def is_clean(self) -> bool:
        """Whether every library was checked and none has a known fault."""
        return not self.faults and not self.unchecked


def main(*names: str) -> int:
    """Ask about the libraries of these lock files, say what came of it, return the exit code."""
    texts = [Path(name).read_text(encoding="utf-8") for name in names]
    findings = judge(locked("\n".join(texts)), [_report(name) for name in names])
    for sentence in sentences(findings):
        print(sentence)
    return 0 if findings.is_clean else 1


def locked(text: str) -> set[str]:
    """Return the libraries a lock file pins, each as name==version."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?(==[^\s;\\]+)", text, re.MULTILINE)
    return {_canonical(name) + version for name, version in pins}


def judge(libraries: set[str], reports: list[dict[str, Any]]) -> Findings:
    """Return what the reports say of the libraries; what no report speaks of is not checked."""
    findings = Findings(asked=len(libraries), unchecked=set(libraries))
    for line in (line for report in reports for line in report.get("dependencies", [])):
        if "version" not in line:
            # skipped: the reason stands there instead of a version
            continue
        library = f"{_canonical(line['name'])}=={line['version']}"
        findings.unchecked.discard(library)
        if faults := [fault["id"] for fault in line.get("vulns", [])]:
            findings.faults[library] = faults
    return findings


def sentences(findings: Findings) -> list[str]:
    """Return in Italian what came of asking."""
    lines = [
        f"{library}: {', '.join(faults)}" for library, faults in sorted(findings.faults.items())
    ]
    if lines:
        lines.insert(0, f"Librerie con difetti noti: {len(lines)}.")
    if findings.unchecked:
        lines.append(
            f"{len(findings.unchecked)} di {findings.asked} librerie non controllate: il servizio "
            "degli avvisi non risponde o non le conosce."
        )
        if len(findings.unchecked) < findings.asked:
            lines.append(f"Non controllate: {', '.join(sorted(findings.unchecked))}.")
    if findings.is_clean:
        lines.append(f"{findings.asked} librerie controllate, nessuna con difetti noti.")
    return lines


def _report(name: str) -> dict[str, Any]:
    """Return what the tool reports of a lock file; nothing at all where it breaks off."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        tool = [str(Path(sys.executable).parent / "pip-audit"), "--progress-spinner", "off"]
        options = ["--disable-pip", "--require-hashes", "--format", "json", "--output", str(output)]
        # its exit code says that there are faults, or that it broke off: the report says which
        subprocess.run(  # noqa: S603
            [*tool, *options, "--requirement", name], check=False, capture_output=True
        )
        return json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
