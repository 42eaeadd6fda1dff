"""What is mended in the engine says what the engine says, and does not grow with the pages."""

import pydyf
import pytest

from risk.paper.engine import PageReferences, mend_engine


class Kids(list):
    """A list of pages that counts how often it is looked at."""

    looks = 0

    def __getitem__(self, place):
        self.looks += 1
        return super().__getitem__(place)


def test_the_engine_is_given_the_reference_of_a_page():
    mend_engine()
    document = pydyf.PDF()
    for _page in range(3):
        document.add_page(pydyf.Dictionary({"Type": "/Page"}))

    references = document.page_references
    numbers = [one.number for one in document.objects if isinstance(one, pydyf.Dictionary)][-3:]
    assert list(references) == [f"{number} 0 R".encode() for number in numbers]
    assert references[-1] == references[2]
    with pytest.raises(IndexError):
        references[3]


def test_asking_for_one_page_looks_at_that_page_alone():
    kids = Kids([7, 0, "R"] * 2000)

    assert PageReferences(kids)[1500] == b"7 0 R"
    assert kids.looks == 1
