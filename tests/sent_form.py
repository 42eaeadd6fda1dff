"""What a browser without scripts sends of a page."""

from html.parser import HTMLParser


class Sent(HTMLParser):
    """What a browser without scripts sends of a page with the form of an id, and its buttons."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.form, self.values, self.buttons = form, {}, []
        self._area, self._select, self._inside = None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self._inside = told.get("id")
        if tag == "option" and self._select and ("selected" in told):
            self.values[self._select] = [told["value"]]
        if told.get("form", self._inside) != self.form or "disabled" in told:
            return
        name, kind = told.get("name"), told.get("type")
        if tag == "textarea":
            self._area = name
            self.values[name] = [""]
        elif tag == "select":
            self._select = name
            self.values[name] = [""]
        elif tag == "button":
            self.buttons.append((name, told.get("value")))
        elif tag == "input" and (kind not in ("checkbox", "radio") or "checked" in told):
            self.values.setdefault(name, []).append(
                told.get("value", "on" if kind in ("checkbox", "radio") else "")
            )

    def handle_data(self, data):
        if self._area:
            # a browser leaves the first line break of a text out, and sends its own for the others
            text = data if self.values[self._area][0] else data.removeprefix("\n")
            self.values[self._area][0] += text.replace("\n", "\r\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None
