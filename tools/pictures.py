"""Take the pictures of the documentation: ``pictures.py [NAME…]``.

Loads the demo data into a new database in a temporary folder, serves the site on a free port,
signs the demo people in and takes the pictures listed in ``SHOTS`` and ``SHEETS`` into
``docs/pictures/``, all of them or those named. A file is written only when its pixels changed.
Exit code 1 when a page does not answer as it should or a picture is over the limit.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
LARGEST = 150_000
COLOURS = 256
# The browser does not draw the edge of a button alike every time; a changed letter is more.
NOISE_PIXELS = 40
WIDTH = 1280
PAPER_SIDE = 1280
PATIENCE_SECONDS = 60
PASSWORD = "quadro-della-documentazione"  # noqa: S105 - of a database that lives a minute

# Identifiers of fixtures/demo.
GARE = "allegati/83753665-ded5-5ee7-a2dd-e2caf2a3c1d7"
INFORMATIVI = "allegati/79ade10c-961f-500e-9bef-277d679680e1"
ICT = "allegati/45b600ad-b6c4-5eac-8618-e86c9a5c9b02"
AFFIDAMENTO = "processi/604c5ebb-dd49-56c9-8517-06053d3a2aa3"


@dataclass(frozen=True)
class Shot:
    """A picture of a page: who looks, where and how much of it; an anchor scrolls there."""

    name: str
    address: str
    person: str = "referente-gare"
    height: int = 800


SHOTS = (
    Shot("scrivania", "", person="referente-si", height=960),
    Shot("che-cosa-manca", f"{INFORMATIVI}/che-cosa-manca/", person="referente-si"),
    Shot("mappa", f"{GARE}/mappa/", height=860),
    Shot("scheda", f"{AFFIDAMENTO}/"),
    Shot("matrice", f"{AFFIDAMENTO}/#titolo-matrice"),
    Shot("valutazione", f"{AFFIDAMENTO}/valutazione/", height=1000),
    Shot("trattamento", f"{AFFIDAMENTO}/trattamento/", height=1000),
    Shot("quadro", f"{GARE}/quadro/"),
    Shot("iter", f"{GARE}/iter/"),
)
# First pages of PDFs: name and address.
SHEETS = (
    ("catalogo", f"{GARE}/catalogo.pdf"),
    ("tabella", f"{ICT}/tabella.pdf"),
)


def main() -> int:
    """Take every picture, or those named, and judge their sizes."""
    wanted = set(sys.argv[1:])
    unknown = wanted - {shot.name for shot in SHOTS} - {name for name, _address in SHEETS}
    if unknown:
        print(f"Non c’è un’immagine con questo nome: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="ptpct-pictures-") as folder,
        site(folder) as origin,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags())
        sizes = [keep(name, image) for name, image in pictures(browser, origin, wanted)]
        browser.close()
    return 1 if max(sizes) > LARGEST else 0


# --- The site --------------------------------------------------------------------------------


@contextmanager
def site(folder: str) -> Iterator[str]:
    """Load the demo data into a folder, serve it, and stop at the end; gives the site's origin."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PTPCT_")}
    environment.pop("DATABASE_URL", None)
    environment |= {
        "PTPCT_VAR_DIR": folder,
        "PTPCT_TODAY": "2020-12-11",
        "PTPCT_DEMO_PASSWORD": PASSWORD,
        # A paper that takes longer is drawn by a worker, which is not here.
        "PTPCT_PAGE_SECONDS": str(PATIENCE_SECONDS),
    }

    def manage(*words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    print("Preparo i dati dimostrativi", flush=True)
    manage("migrate", "--verbosity", "0")
    manage("load_reference")
    manage("load_demo")
    manage("collectstatic", "--noinput", "--verbosity", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "ptpct.wsgi", "--bind", address]
    command += ["--threads", "4", "--log-level", "warning", "--no-control-socket"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
    try:
        wait_for(f"http://{address}/salute/")
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str) -> None:
    """Wait until the site answers; TimeoutError when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(url)


# --- The browser -----------------------------------------------------------------------------


def chromium() -> str:
    """Return the browser: the one named in BROWSER, or the system's."""
    path = os.environ.get("BROWSER") or shutil.which("chromium-headless-shell")
    if not path:
        raise SystemExit("Manca chromium-headless-shell, o un altro browser indicato in BROWSER.")
    return path


def flags() -> list[str]:
    """Return what makes the browser draw the same pixels every time."""
    same = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-lcd-text", "--hide-scrollbars"]
    same += ["--font-render-hinting=none", "--force-color-profile=srgb"]
    return [*same, "--no-sandbox"] if os.getuid() == 0 else same


def pictures(browser: Browser, origin: str, wanted: set[str]) -> Iterator[tuple[str, Image.Image]]:
    """Give every picture wanted with its name; all of them when none is named."""
    desks: dict[str, BrowserContext] = {}

    def desk_of(person: str) -> BrowserContext:
        if person not in desks:
            desks[person] = signed_in(browser, origin, person)
        return desks[person]

    for shot in SHOTS:
        if not wanted or shot.name in wanted:
            yield shot.name, picture_of(desk_of(shot.person), origin, shot)
    for name, address in SHEETS:
        if not wanted or name in wanted:
            answer = desk_of("rpct").request.get(f"{origin}/{address}", timeout=120_000)
            if not answer.ok:
                raise SystemExit(f"{address}: {answer.status}")
            yield name, first_page(answer.body())


def signed_in(browser: Browser, origin: str, person: str) -> BrowserContext:
    """Return a browser as an Italian office has it, where the person has signed in; or nobody."""
    context = browser.new_context(
        locale="it-IT",
        timezone_id="Europe/Rome",
        viewport={"width": WIDTH, "height": SHOTS[0].height},
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    if person:
        page = context.new_page()
        page.goto(f"{origin}/accedi/")
        page.locator("[name=login]").fill(person)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(f"{origin}/")
        page.close()
    return context


def picture_of(context: BrowserContext, origin: str, shot: Shot) -> Image.Image:
    """Return what a person sees on a page once everything has come."""
    page = context.new_page()
    page.set_viewport_size({"width": WIDTH, "height": shot.height})
    answer = page.goto(f"{origin}/{shot.address}", wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.address}: {answer and answer.status}")
    settle(page)
    data = page.screenshot(animations="disabled", caret="hide")
    page.close()
    return Image.open(io.BytesIO(data))


def settle(page: Page) -> None:
    """Wait for the fonts and for the parts that load after the page, and leave no field open."""
    page.evaluate("() => document.fonts.ready")
    page.wait_for_load_state("networkidle")
    page.evaluate("() => document.activeElement && document.activeElement.blur()")


def first_page(data: bytes) -> Image.Image:
    """Return the first page of a PDF as a picture."""
    command = ["pdftoppm", "-png", "-singlefile", "-scale-to", str(PAPER_SIDE), "-"]
    drawn = subprocess.run(command, input=data, capture_output=True, check=True)  # noqa: S603
    return Image.open(io.BytesIO(drawn.stdout))


# --- The files -------------------------------------------------------------------------------


def keep(name: str, image: Image.Image) -> int:
    """Write a picture when it shows something else than the file does; return the file's size."""
    path = FOLDER / f"{name}.png"
    # Few colours and no dithering: a page is flat surfaces, and the files stay small.
    small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    if same_pixels(path, small):
        told = "invariata"
    else:
        small.save(path, optimize=True)
        told = "scritta"
    size = path.stat().st_size
    print(f"  {path.relative_to(ROOT)}  {size / 1000:.0f} kB  {told}", flush=True)
    if size > LARGEST:
        print(f"    oltre il limite di {LARGEST / 1000:.0f} kB", file=sys.stderr)
    return size


def same_pixels(path: Path, image: Image.Image) -> bool:
    """Tell whether a file already shows this picture, however it was compressed."""
    if not path.exists():
        return False
    with Image.open(path) as kept:
        if kept.size != image.size:
            return False
        change = ImageChops.difference(kept.convert("RGB"), image.convert("RGB"))
    # Every channel counts: a pixel changed when any of the three did.
    red, green, blue = change.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    unchanged = strongest.histogram()[0]
    return image.width * image.height - unchanged <= NOISE_PIXELS


if __name__ == "__main__":
    sys.exit(main())
