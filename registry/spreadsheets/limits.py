"""How large a file may be, all limits in one place.

The largest register reckoned with has 60,000 actions in some hundred offices (the profile XL of
`make_synthetic_body`); one file holds the part of one body that people handle by hand.
"""

FILE_BYTES = 20 * 1024 * 1024
"""Bytes of the file as it is sent."""

UNPACKED_BYTES = 64 * 1024 * 1024
"""Bytes of all parts of a zipped file once unpacked, counted while unpacking."""

PARTS = 2_000
"""Files inside a zipped file."""

SHEETS = 300
ROWS = 50_000
"""Rows with a value, of one sheet."""

LIST_ROWS = 20_000
"""Rows of one list of the back office, which is shown whole in a preview."""

COLUMNS = 300
"""The last column with a value."""

CELLS = 2_000_000
"""Cells of all sheets, the empty ones between others included."""

TEXT_CHARS = 64 * 1024 * 1024
"""Characters of all cells together: a text stored once may be shown by every cell."""

TAGS = 4_000_000
"""Beginnings and ends of elements of a part that is read as a tree: each takes fifty bytes."""

CELL_CHARS = 100_000
MERGES = 200_000
FILLED_CELLS = 20_000
"""Cells of one sheet behind which a colour still marks something: beyond, it paints the sheet."""
