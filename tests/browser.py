"""What every browser story watches for: errors, policy violations, strangers, accessibility."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

LONGEST_WAIT_MS = 180_000
"""After which a test gives up waiting for a page: much, because others may keep the machine."""

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Of what axe answers all but the violations would be packed, sent and unpacked for nobody.
AXE_RUN = """([within, options]) =>
  axe.run(within || document, options).then(({ violations }) => violations)
"""
# Content that is part of the page itself and leaves the machine for nowhere.
LOCAL_SCHEMES = frozenset({"data", "blob", "about", "chrome-error"})

# The console message of a violation names the directive only; the event names what was refused.
VIOLATION_LISTENER = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
});
"""

# Nothing is asked for or put in any more; for some frames, as one answer may ask for another.
STILL = """() => new Promise((done) => {
  let frames = 0;
  const look = () => {
    const isBusy =
      document.readyState !== "complete" ||
      window.turns?.isBusy() ||
      document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
    frames = isBusy ? 0 : frames + 1;
    if (frames < 6) return requestAnimationFrame(look);
    document.fonts.ready.then(() => done());
  };
  look();
})"""


def is_page(page: Page, address: str) -> bool:
    """Tell whether an address answers with a page, and not with a file or a refusal."""
    answer = page.request.get(address)
    return answer.status == 200 and "<main" in answer.text()


def wait_until_still(page: Page) -> None:
    """Wait until all that the page asks for by itself is there."""
    page.evaluate(STILL)


def wait_until(page: Page, is_so: Callable[[], bool], *, seconds: int = 60) -> bool:
    """Tell whether something comes to be so within a time; the page goes on meanwhile."""
    for _n in range(seconds * 10):
        if is_so():
            return True
        page.wait_for_timeout(100)
    return False


@dataclass
class PageChecks:
    """Collects what no page of the house may do, over all the pages of one browser context."""

    host: str
    findings: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Start listening, before the first page is opened."""
        context.set_default_timeout(LONGEST_WAIT_MS)
        context.add_init_script(VIOLATION_LISTENER)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def expect(self, text: str) -> None:
        """Let findings that contain this text pass: for stories about errors."""
        self.expected.append(text)

    def unexpected(self) -> list[str]:
        """Return the findings nobody announced."""
        return [line for line in self.findings if not any(text in line for text in self.expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.findings.append(f"console {message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.findings.append(f"script error: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.netloc != self.host:
            self.findings.append(f"external request: {request.url}")


def accessibility_findings(
    page: Page, *, within: str | None = None, without: str | None = None
) -> list[str]:
    """Return one readable line for each element that breaks a WCAG 2.1 A or AA rule of axe.

    `within` and `without` are selectors: of what alone is read, or of what is not.
    """
    read: str | dict | None = within
    if without:
        read = {"exclude": [[without]]} | ({"include": [[within]]} if within else {})
    options = {
        "runOnly": {"type": "tag", "values": AXE_TAGS},
        "resultTypes": ["violations"],
        # Preloading puts style elements into the page, which the policy rightly refuses.
        "preload": False,
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        f"    {' '.join(map(str, node['target']))}\n    {node['html'][:200]}"
        for violation in page.evaluate(AXE_RUN, [read, options])
        for node in violation["nodes"]
    ]
