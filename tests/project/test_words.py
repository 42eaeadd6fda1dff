"""Nothing in the project names a living person, a package host or somebody's machine.

The words are kept as digests, so that this list does not itself name them.
"""

import hashlib
import re

from tests.project.files import project_files, read, text_files

FORBIDDEN = {
    "PERSON": "a person printed in a real document",
    "HOST": "the host of a package registry",
    "PLACE": "a folder of one machine",
    "TOOL": "a tool of one workplace",
}
DIGESTS = {
    "e6101443a65dc0691d9f4307ee81b12bacd6b30d513e826230c234d12d9cc2fb": "PERSON",
    "a4aa2ac280bb8d1a0ce7a1be5a7bfb10292b49fe9435ad5cff19f421f3c70e41": "HOST",
    "8b5bb5eb9d758455b8635855cf8aaf05b68775e3f83f0291e800ef338fb9783c": "HOST",
    "8743857e3ea00fd1c64bbc68b8af241954ad2c285e7a60340eec7ea5dcb200db": "HOST",
    "3ca29e55be4befa48f875d24c27f9bed32fe06588819ed6264084b6670a1ebb0": "HOST",
    "aa7bf72f4aee189f70f303acc56d76f0a70d1ddae446e8b095fd5edcf86dbdf5": "TOOL",
    "0c9a453fad615c83c57d57c2b2be05fa938f0791d7624db43827a033227bf78b": "PLACE",
    "3db2bc88dd0328c8496171453774fb3466e44e2d4f3b41c831f4fb891ce5cd55": "PLACE",
    "ab6af122b9bff51fecf95892eaff45c47395a5bbf036cf5d9a26e95d4f3c138d": "PLACE",
    "c91f2faa7d114b6762fbe81a84aea17efd0d1184a95e8f7a84dda03384063298": "PLACE",
    "76a191686f61cf3038f54bafb75896abf7488c83c6dc0db2905a77ee5e501988": "PLACE",
}
# Single words, host names, and the first one or two steps of an absolute path.
WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*")
PATH = re.compile(r"(?<![\w.~)}\"'/])(/[A-Za-z][\w-]*)(/[\w.-]+)?")


def candidates(text: str) -> set[str]:
    """Return everything in a text that could be a forbidden word."""
    found = set()
    for word in WORD.findall(text):
        found.update({word.lower(), *word.lower().split("_"), ".".join(word.split(".")[-2:])})
    for quoted in re.split(r"[\s\"'`(){}=,;]", text):
        for first, second in PATH.findall(quoted):
            found.update({first, first + second})
    return found


def forbidden_in(text: str) -> list[str]:
    """Return the reasons for which a text may not stay in the project."""
    digests = {hashlib.sha256(word.encode()).hexdigest() for word in candidates(text)}
    return sorted(FORBIDDEN[DIGESTS[digest]] for digest in digests & DIGESTS.keys())


def test_no_file_names_what_must_not_be_named():
    found = {str(name): forbidden_in(read(name)) for name in text_files()}

    assert {name: reasons for name, reasons in found.items() if reasons} == {}


def test_the_search_finds_a_word_in_every_disguise():
    # "prova" stands for the words that must not be written here.
    for text in ("il dott. Prova", "x=prova_1", "(/prova/a)", '"/prova/a"', "https://a.prova.b/"):
        assert {"prova", "/prova", "/prova/a", "prova.b"} & candidates(text), text


def test_no_lock_file_of_one_tool_is_kept():
    assert [name for name in project_files() if name.name == "uv.lock"] == []
