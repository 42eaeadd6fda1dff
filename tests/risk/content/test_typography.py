"""What no paper carries is taken out of a text, and nothing else."""

import sys
import unicodedata

from risk.content.typography import lines_of, printable, without_controls


def is_printed(code: int) -> bool:
    if chr(code) in "\n\t":
        return True
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not is_noncharacter and unicodedata.category(chr(code)) not in {"Cc", "Cs"}


def test_controls_surrogates_and_noncharacters_are_blanks_and_all_else_stays():
    codes = range(sys.maxunicode + 1)
    expected = "".join(chr(code) if is_printed(code) else " " for code in codes)
    assert without_controls("".join(map(chr, codes))) == expected


def test_lines_end_alike_and_a_control_between_letters_keeps_two_words_apart():
    assert printable(" a\r\nb\rc\x00d \x1f") == "a\nb\nc d"
    assert lines_of("a\r\n \x07 \nb\tc ") == ("a", "b\tc")
    assert printable(None) == ""
