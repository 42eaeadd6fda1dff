"""Measure what a browser receives to show a sheet: ``bench_desk_paint.py FILE``.

Started by ``bench_desk.py`` once for each engine. The body A28 is made by this version and by
commit 2799581, each is served by gunicorn, and a browser with an empty cache opens the same sheet
of each: ``sheet_first_paint_vs_before`` is the bytes of HTML, style sheets, scripts and fonts it
receives, before they are compressed, ÷ as many at the earlier commit.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bench_before import database
from bench_before_checkout import ROOT, Checkout, prepared
from bench_load_site import Site
from playwright.sync_api import Browser, sync_playwright

KINDS = ("document", "stylesheet", "script", "font")


def received(browser: Browser, address: str, person: dict[str, Any]) -> Counter[str]:
    """Return the bytes a browser receives for the sheet of somebody's process, by kind."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="it-IT")
    # the one the site asks for; it is set for the address that serves the version
    context.add_cookies([{"name": "sessionid", "value": person["session"], "url": address}])
    page, found = context.new_page(), []
    page.on("requestfinished", lambda request: found.append(request))
    answer = page.goto(f"{address}/processi/{person['own']}/", wait_until="networkidle")
    if answer is None or answer.status != 200 or not page.url.endswith(f"{person['own']}/"):
        raise SystemExit(f"{page.url}: {answer and answer.status}")
    sizes: Counter[str] = Counter()
    for request in found:
        if request.resource_type in KINDS and (response := request.response()):
            sizes[request.resource_type] += len(response.body())
    context.close()
    return sizes


def sheet_of(name: str, checkout: Checkout, folder: Path, browser: Browser) -> Counter[str]:
    """Make the body of a version, serve it and return what a browser receives."""
    var = folder / name
    var.mkdir(parents=True, exist_ok=True)
    place = {"PTPCT_VAR_DIR": str(var), "PROFILE": "A28"}
    if server := os.environ.get("DATABASE_URL"):
        place["DATABASE_URL"] = database(server, name)
    people = var / "people.json"
    subprocess.run(  # noqa: S603
        [checkout.python, str(ROOT / "tools" / "bench_load_speaker.py"), name, str(people)],
        cwd=checkout.folder,
        env=os.environ | place,
        check=True,
    )
    person = json.loads(people.read_text(encoding="utf-8"))[0]
    with Site(checkout, place) as site:
        return received(browser, site.address, person)


def main() -> int:
    """Measure both versions with one engine; write the figures to the file named."""
    folder, file = Path(os.environ["PTPCT_VAR_DIR"]), Path(sys.argv[1])
    path = os.environ.get("BROWSER") or shutil.which("chromium-headless-shell")
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        before = sheet_of("before", prepared(), folder, browser)
        now = sheet_of("now", Checkout(ROOT, sys.executable), folder, browser)
    for kind in KINDS:
        print(f"  {kind:<12}{before[kind]:>10}{now[kind]:>10}", flush=True)
    found = {
        "sheet_first_paint_vs_before": round(now.total() / before.total(), 3),
        "sheet_first_paint_kb_before": round(before.total() / 1000, 1),
        "sheet_first_paint_kb": round(now.total() / 1000, 1),
    }
    file.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
