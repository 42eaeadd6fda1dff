"""Every PDF we write can be signed by the tools people have, and opened by others afterwards."""

import io
import os
import signal
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import pem

from risk.content.plan_values import BoundPlan
from risk.paper.bound_plan import BoundPart, render_bound_plan
from risk.paper.pdf import ID_PREFIX
from risk.paper.plan import Attachment, attach
from risk.services.verification.appended import read_appended
from tests.risk.paper.reading import elements
from tests.signing import SIGNER, identity, sign_pdf

OFFICE_SCRIPT = Path(__file__).parents[2] / "office_signature.py"
NICK = "firma"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The certificate of a person where poppler and LibreOffice look for it (NSS)."""
    folder = tmp_path_factory.mktemp("nss")
    files = []
    for kind, data in zip(("PRIVATE KEY", "CERTIFICATE"), identity(SIGNER), strict=True):
        files.append(folder / f"{kind}.pem")
        files[-1].write_bytes(pem.armor(kind, data))
    both = str(folder / "both.p12")
    run(
        *("openssl", "pkcs12", "-export", "-inkey", str(files[0]), "-in", str(files[1])),
        *("-name", NICK, "-passout", "pass:", "-out", both),
    )
    run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    run("pk12util", "-i", both, "-d", f"sql:{folder}", "-W", "", "-K", "")
    run("certutil", "-M", "-d", f"sql:{folder}", "-n", NICK, "-t", "CT,C,C")
    return folder


def run(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout


def by_poppler(pdf: Path, store: Path) -> None:
    signed = pdf.with_suffix(".signed")
    command = ("pdfsig", "-nssdir", f"sql:{store}", "-add-signature", "-nick", NICK)
    run(*command, "-digest", "SHA256", str(pdf), str(signed))
    signed.replace(pdf)


def by_office(pdfs: list[Path], store: Path, tmp_path: Path) -> None:
    pipe = f"firma-{time.monotonic_ns()}"
    office = subprocess.Popen(
        [
            *("soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless"),
            *("--norestore", f"--accept=pipe,name={pipe};urp"),
        ],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        | {"MOZILLA_CERTIFICATE_FOLDER": f"sql:{store}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        run("/usr/bin/python3", str(OFFICE_SCRIPT), pipe, *map(str, pdfs))
    finally:
        os.killpg(office.pid, signal.SIGKILL)  # What it started lives longer than itself.
        office.wait()


@pytest.fixture(scope="module")
def written(request) -> dict[str, bytes]:
    """A drawn annex, a plan that carries it, and one it is joined to."""
    annex = request.getfixturevalue("schede").data
    plan = BoundPlan("Comune di Prova", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    return {
        "annex": annex,
        "plan": attach(annex, [Attachment("a.pdf", "Allegato", annex)]),
        "joined": render_bound_plan(plan, [BoundPart("Allegato", "—", annex, 1)]),
    }


def test_every_pdf_is_signed_by_three_tools_and_opened_by_two(written, store, tmp_path):
    pdfs: dict[tuple[str, str], Path] = {}
    for name, content in written.items():
        for tool in ("office", "poppler", "pyhanko"):
            pdfs[name, tool] = tmp_path / f"{name}-{tool}.pdf"
            pdfs[name, tool].write_bytes(sign_pdf(content) if tool == "pyhanko" else content)
        by_poppler(pdfs[name, "poppler"], store)
    by_office([pdfs[name, "office"] for name in written], store, tmp_path)
    for (name, tool), file in pdfs.items():
        signed, issued = file.read_bytes(), written[name]
        assert signed.startswith(issued)
        appended = read_appended(signed, issued=len(issued))
        assert (appended.signers, appended.changes) == ((SIGNER,), ()), (name, tool)
        run("qpdf", "--check", str(file))
        assert f"Signer Certificate Common Name: {SIGNER}" in run(
            "pdfsig", "-nocert", "-nssdir", f"sql:{store}", str(file)
        )


def test_the_catalogue_of_every_pdf_stands_by_itself(written):
    for content in written.values():
        with pikepdf.open(io.BytesIO(content)) as pdf:
            number = pdf.Root.objgen[0]
        assert b"\n%d 0 obj" % number in content


def test_no_program_that_checks_files_warns_of_ours(written, tmp_path):
    for name, content in written.items():
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(content)
        assert "WARNING" not in run("qpdf", "--check", str(file))
        with pikepdf.open(file) as pdf:
            assert pdf.is_linearized == (name != "joined")
            assert name == "joined" or pdf.check_linearization()
            assert pdf.Root.Outlines.First.Title


def test_every_id_begins_with_the_digest_of_the_content(schede, completo):
    prefixes, followed = set(), 0
    for printed in (schede, completo):
        pdf = printed.opened()
        ids = {str(one.ID) for one in elements(pdf.Root.StructTreeRoot) if "/ID" in one}
        named = pdf.Root.Names.Dests.Names
        names = {str(named[place]) for place in range(0, len(named), 2)}
        links = {
            str(link.Dest)
            for page in pdf.pages
            for link in page.get("/Annots", ())
            if isinstance(link.get("/Dest"), pikepdf.String)
        }
        assert ids
        assert links <= names
        followed += len(links)
        (prefix,) = {one[: ID_PREFIX + 1] for one in ids | names}
        assert int(prefix[:-1], 16) >= 0
        assert prefix.endswith("-")
        prefixes.add(prefix)
    assert len(prefixes) == 2
    assert followed
