"""What stands after the issued bytes of a PDF: signatures and nothing else, or what was changed."""

import pytest
from pyhanko.pdf_utils import generic

from risk.services.verification.appended import read_appended
from risk.services.verification.values import Addition
from tests.risk.verification.world import paper
from tests.signing import (
    OTHER_SIGNER,
    SIGNER,
    add_comment,
    add_form,
    add_validation_data,
    change_page,
    rewrite,
    set_root,
    sign_pdf,
    time_stamp_pdf,
)

PDF = paper("0123456789abcdef" * 4)


SIGNED = {
    "signed": (sign_pdf, 1, 0),
    "signed twice": (lambda pdf: sign_pdf(sign_pdf(pdf), name=OTHER_SIGNER, field="Due"), 2, 0),
    "time stamped": (time_stamp_pdf, 0, 1),
    "signed, validation data": (lambda pdf: add_validation_data(sign_pdf(pdf)), 1, 0),
    "signed for long": (lambda pdf: time_stamp_pdf(add_validation_data(sign_pdf(pdf))), 1, 1),
    "signed after validation data": (
        lambda pdf: sign_pdf(add_validation_data(sign_pdf(pdf)), name=OTHER_SIGNER, field="Due"),
        2,
        0,
    ),
}


@pytest.mark.parametrize("kind", SIGNED)
def test_signatures_time_stamps_and_validation_data_are_no_change(kind):
    made, signatures, stamps = SIGNED[kind]
    found = read_appended(made(PDF), issued=len(PDF))
    assert (len(found.signers), found.time_stamps) == (signatures, stamps)
    assert not found.changes


CHANGED = {
    "words after the end": (lambda pdf: pdf + b"firma", Addition.BYTES),
    "a comment of the format": (lambda pdf: pdf + b"\n%signature", Addition.BYTES),
    "an object nobody names": (
        lambda pdf: pdf + b"\n1 0 obj<</Type/Sig>>endobj\n%%EOF\n",
        Addition.UNREADABLE,
    ),
    "another PDF": (lambda pdf: pdf + rewrite(pdf), Addition.UNREADABLE),
    "a comment": (add_comment, Addition.COMMENTS),
    "words of a page": (change_page, Addition.CONTENT),
    "values of a form": (add_form, Addition.FORM),
    "an action": (
        lambda pdf: set_root(
            pdf, "/OpenAction", generic.DictionaryObject({"/S": generic.pdf_name("/JavaScript")})
        ),
        Addition.ACTIONS,
    ),
    "a revision that says nothing": (
        lambda pdf: set_root(pdf, "/Version", generic.pdf_name("/2.0")),
        Addition.OPEN_END,
    ),
    "validation data alone": (add_validation_data, Addition.OPEN_END),
    "a comment, then signed": (lambda pdf: sign_pdf(add_comment(pdf)), Addition.COMMENTS),
    "signed, then a comment": (lambda pdf: add_comment(sign_pdf(pdf)), Addition.COMMENTS),
    "signed, then words of a page": (lambda pdf: change_page(sign_pdf(pdf)), Addition.CONTENT),
    "signed, then words after": (lambda pdf: sign_pdf(pdf) + b"\n ", Addition.BYTES),
    "a signature over less": (
        lambda pdf: sign_pdf(pdf).replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
        Addition.OPEN_END,
    ),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_all_else_is_a_change_of_its_kind(kind):
    made, addition = CHANGED[kind]
    found = read_appended(made(PDF), issued=len(PDF))
    assert addition in {change.kind for change in found.changes}


def test_a_signature_that_shows_a_box_says_where():
    found = read_appended(sign_pdf(PDF, box=(20, 600, 200, 680)), issued=len(PDF))
    assert (found.signers, found.boxes, found.changes) == ((SIGNER,), (1,), ())


def test_a_name_in_a_certificate_is_one_line_that_reads_as_it_is_written():
    found = read_appended(sign_pdf(PDF, name="Rossi\u202eoiraM\n<b>"), issued=len(PDF))
    assert found.signers == ("RossioiraM<b>",)
