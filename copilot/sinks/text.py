"""Texts from outside, made fit for a terminal; and times as a rep reads them."""

import unicodedata

UNSAFE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# ^ controls, bidi and invisible marks, private, surrogates, unassigned: widths nobody knows
MARKS = frozenset({"Mn", "Me"})  # drawn over the letter before; columns of them hide a whole row
MOST_MARKS = 2  # on one letter
SELECTORS = range(0xFE00, 0xFE10)  # make the letter before wider on some terminals only


def clean(text: str) -> str:
    """Return text that can do nothing to a terminal but be read: one line, no controls."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
        elif category not in UNSAFE and ord(char) not in SELECTORS:
            marks = marks + 1 if category in MARKS else 0
            if marks <= MOST_MARKS:
                kept.append(char)
    return " ".join("".join(kept).split())


def clock(at: float) -> str:
    """Call time as mm:ss.t, minutes going on past an hour."""
    minutes, tenths = divmod(round(at * 10), 600)
    return f"{minutes:02d}:{tenths // 10:02d}.{tenths % 10}"


def minutes(at: float) -> str:
    """Call time as mm:ss, never ahead of the clock."""
    return f"{int(at) // 60:02d}:{int(at) % 60:02d}"


def quoted(text: str) -> str:
    """Return what was said, between quotes; nothing if nothing was."""
    said = clean(text)
    return f"“{said}”" if said else ""
