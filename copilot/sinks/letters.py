"""Letters of several rows, for words that are read from the corner of an eye.

They are those of the TOIlet font `pagga`: five half blocks high, capitals only.
"""

from functools import lru_cache
from unicodedata import normalize

from pyfiglet import FigletFont
from rich.cells import cell_len, chop_cells

SIZES = (2, 1)  # columns of a dot, the largest letters first
AIR = "░"  # how the font writes an empty dot
MENDED = {"-": ["    ", " ▀▀▀", "    "]}  # the font's own hangs low enough to be an underscore
DOTS = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}  # upper and lower dot of a character


def big(text: str, width: int, height: int) -> list[str] | None:
    """Return text in the largest letters that fit, as rows of equal length; None if none do."""
    for size in SIZES:
        rows = _set(text, width, size)
        if rows is not None and len(rows) <= height:
            return rows
    return None


def wrap(text: str, width: int) -> list[str]:
    """Return text in rows of at most so many cells, cut between words where that can be."""
    rows = [""]
    for word in text.split():
        for piece in chop_cells(word, width) if cell_len(word) > width else [word]:
            longer = f"{rows[-1]} {piece}".lstrip()
            if cell_len(longer) <= width:
                rows[-1] = longer
            else:
                rows.append(piece)
    return rows


@lru_cache(maxsize=64)
def _set(text: str, width: int, size: int) -> list[str] | None:
    lines: list[list[str]] = []
    for word in text.split():
        drawn = _drawn(word, size)
        if drawn is None or len(drawn[0]) > width:
            return None
        joined = _beside(lines[-1], drawn, " " * 3 * size) if lines else drawn
        if lines and len(joined[0]) <= width:
            lines[-1] = joined
        else:
            lines.append(drawn)
    return [row.ljust(width) for line in lines for row in line]


def _drawn(word: str, size: int) -> list[str] | None:
    rows: list[str] | None = None
    for letter in word:
        glyph = _glyph(letter)
        if glyph is None:
            return None
        rows = glyph if rows is None else _beside(rows, glyph, "")
    return _doubled(rows) if rows and size > 1 else rows


def _beside(left: list[str], right: list[str], gap: str) -> list[str]:
    return [f"{one}{gap}{other}" for one, other in zip(left, right, strict=True)]


@lru_cache(maxsize=1)
def _font() -> FigletFont:
    return FigletFont("pagga")


def _glyph(letter: str) -> list[str] | None:
    if letter in MENDED:
        return MENDED[letter]
    known: dict[int, list[str]] = _font().chars
    bare = normalize("NFD", letter)[:1]
    rows = known.get(ord(letter)) or known.get(ord(bare))
    if not rows:
        return None
    drawn = [row.replace(AIR, " ") for row in rows]
    return drawn if all(char in DOTS for row in drawn for char in row) else None


def _doubled(rows: list[str]) -> list[str]:
    """Draw each half block as a row of its own, twice as wide."""
    return [
        "".join("██" if DOTS[char][half] else "  " for char in row)
        for row in rows
        for half in (0, 1)
    ]
