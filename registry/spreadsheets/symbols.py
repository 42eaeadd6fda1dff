"""Letters of fonts that draw signs: in Wingdings “þ” is a ticked box, “o” an empty one."""

_BOX, _TICKED, _TICK, _CROSS, _BULLET, _FULL = "☐", "☒", "✓", "✗", "•", "■"
# By the lower eight bits of a letter: documents write F0FE as well as FE.
_FONTS = {
    "wingdings": {
        **dict.fromkeys((0x6F, 0x70, 0x71, 0x72, 0xA8), _BOX),
        **dict.fromkeys((0x78, 0xFD, 0xFE), _TICKED),
        0xFC: _TICK,
        0xFB: _CROSS,
        **dict.fromkeys((0x6C, 0x6D, 0x9F, 0xA7, 0xD8, 0x76, 0x77), _BULLET),
        0x6E: _FULL,
        0xE0: "→",
    },
    "wingdings 2": {
        **dict.fromkeys((0x2A, 0x2B, 0xA3), _BOX),
        **dict.fromkeys((0x51, 0x52, 0x53, 0x54), _TICKED),
        0x50: _TICK,
        0x4F: _CROSS,
        **dict.fromkeys((0x96, 0x97, 0x98), _BULLET),
        0xA2: _FULL,
    },
    "wingdings 3": {},
    "webdings": {0x63: _BOX, 0x61: _TICK, 0x72: _CROSS, 0x67: _FULL},
    "symbol": {0xB7: _BULLET, 0xD6: _TICK, 0xB4: "×", 0xA3: "≤", 0xB3: "≥", 0xB0: "°"},
    "zapf dingbats": {0x33: _TICK, 0x34: _TICK, 0x6F: _BOX, 0x6E: _FULL},
}
_PRIVATE = range(0xF000, 0xF100)


def is_symbol_font(name: str) -> bool:
    """Return whether a font draws signs where others draw letters."""
    return name.strip().lower() in _FONTS


def symbol(font: str, code: int) -> str:
    """Return a sign of such a font as a letter every font has; "" where there is none."""
    signs = _FONTS.get(font.strip().lower())
    if signs is None:
        return "" if code in _PRIVATE else chr(code)
    return signs.get(code & 0xFF, "")


def symbols_of(font: str, text: str) -> str:
    """Return a text written in such a font as it is seen; letters it does not know stay."""
    return "".join(sign if sign.isspace() else symbol(font, ord(sign)) or sign for sign in text)
