"""People at browsers of their own who meet at one running server, where no page runs a script."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.people import client_of

LONGEST_WAIT = 180
"""Seconds to wait for an answer: many, because other tests may keep the machine."""


@dataclass
class Form:
    """What a form of a page would send, untouched; its `buttons` are what a person reads there."""

    action: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page: its inputs, what is ticked and areas of text, no choices."""

    def __init__(self, address: str):
        super().__init__()
        self.found: list[Form] = []
        self._address = address
        self._by_id: dict[str, Form] = {}
        self._of: Form | None = None
        self._area = ""
        self._is_in_button = False

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            form = self._form(said.get("id", ""))
            form.action = urljoin(self._address, said.get("action") or "")
            self.found.append(form)
            return
        # a control may say of which form it is, also before the form is there
        last = self.found[-1] if self.found else None
        form = self._form(said["form"]) if said.get("form") else last
        if form is None:
            return
        if tag == "input" and said.get("type") in ("radio", "checkbox"):
            if "checked" in said and "disabled" not in said:
                form.fields.setdefault(said.get("name", ""), []).append(said.get("value") or "on")
        elif tag == "input" and said.get("type") != "submit":
            form.fields[said.get("name", "")] = said.get("value") or ""
        elif tag == "textarea":
            self._of, self._area = form, said.get("name", "")
            form.fields[self._area] = ""
        elif tag == "button":
            self._of, self._is_in_button = form, True
            form.buttons.append("")

    def _form(self, name: str) -> Form:
        """Return the form with an id, or a new one."""
        return self._by_id.setdefault(name, Form("")) if name else Form("")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""
        elif tag == "button":
            self._is_in_button = False

    def handle_data(self, data):
        if self._area:
            # the line break a text begins with is not of it
            first = not self._of.fields[self._area]
            self._of.fields[self._area] += data.removeprefix("\n") if first else data
        elif self._is_in_button:
            self._of.buttons[-1] += data.strip()


class Visitor:
    """Somebody signed in at a browser of their own, who opens pages and presses their buttons."""

    def __init__(self, server: str, person):
        self.host = urlsplit(server).netloc
        self.cookies = {"sessionid": client_of(person).cookies["sessionid"].value}

    def read(self, path: str) -> list[Form]:
        """Open a page and return its forms, each with all it would send."""
        answer, text = self._ask("GET", path)
        assert answer.status == 200, (path, answer.status)
        forms = Forms(path)
        forms.feed(text)
        return forms.found

    def form_of(self, path: str, *, button: str) -> Form:
        """Open a page and return its form with this button."""
        return next(form for form in self.read(path) if button in form.buttons)

    def asked_by(self, form: Form, *, button: str, **typed: str) -> Form:
        """Send a form that asks before it acts; return the form with the button that answers."""
        answer, text = self._ask("POST", form.action, urlencode(form.fields | typed, doseq=True))
        assert answer.status == 200, (form.action, answer.status)
        forms = Forms(form.action)
        forms.feed(text)
        return next(one for one in forms.found if button in one.buttons)

    def send(self, form: Form, **typed: str) -> int:
        """Fill a form in and send it; return the code of the answer, 302 when it was taken."""
        answer, _text = self._ask("POST", form.action, urlencode(form.fields | typed, doseq=True))
        return answer.status

    def _ask(self, verb: str, path: str, body: str | None = None) -> tuple[HTTPResponse, str]:
        """Ask once, on a connection of its own, and keep the cookies of the answer."""
        connection = HTTPConnection(self.host, timeout=LONGEST_WAIT)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.host}",
            }
        try:
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer, text
