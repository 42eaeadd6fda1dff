"""What a person presses on the way of a file into the register, counted."""

FEW = 10
PICK = 2
"""Clicks a choice from a drop-down takes: it opens, and one entry is picked."""
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}


class Clicks:
    """Counts what a person presses on their way."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def click(self, role, name):
        self.page.get_by_role(role, name=name).click()
        self.count += 1

    def pick(self, label, entry):
        self.page.get_by_label(label).select_option(entry)
        self.count += PICK

    def answer(self, question, answer):
        """Press one of the answers of a question."""
        asked = self.page.get_by_role("group", name=question, exact=True)
        asked.get_by_role("radio", name=answer).check()
        self.count += 1

    def file(self, label, name, content):
        with self.page.expect_file_chooser() as chosen:
            self.page.get_by_label(label, exact=True).click()
        kind = _KINDS[name.rpartition(".")[2]]
        chosen.value.set_files({"name": name, "mimeType": kind, "buffer": content})
        self.count += 1
