"""Signs, frames and styles; each severity differs in shape as well as in colour."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from rich.text import Text

from copilot.sinks.severity import Severity


class Mood(StrEnum):
    """What the big block shows."""

    STOP = "stop"
    HOLD = "hold"
    HINT = "hint"
    KEPT = "kept"  # a silence that was answered
    IDLE = "idle"


MOODS = {
    Severity.STOP: Mood.STOP,
    Severity.HOLD: Mood.HOLD,
    Severity.HINT: Mood.HINT,
}


class Look(NamedTuple):
    """What a mood looks like."""

    sign: str
    frame: str  # corners and edges: ┌ ─ ┐ │ │ └ ─ ┘
    small: tuple[str, ...]  # the sign in three rows
    large: tuple[str, ...]  # in five


LOOKS = {
    Mood.STOP: Look("■", "▛▀▜▌▐▙▄▟", ("██████",) * 3, ("██████████",) * 5),
    Mood.HOLD: Look("‖", "┏━┓┃┃┗━┛", ("██  ██",) * 3, ("███    ███",) * 5),
    Mood.HINT: Look(
        "►",
        "╭─╮││╰─╯",
        ("██▄▄  ", "██████", "██▀▀  "),
        ("██▄▄      ", "██████▄▄  ", "██████████", "██████▀▀  ", "██▀▀      "),
    ),
    Mood.KEPT: Look(
        "✓",
        "╭─╮││╰─╯",
        ("    ▄█", "▀▄▄█▀ ", " ▀█▀  "),
        ("        ▄█", "      ▄█▀ ", "█▄  ▄█▀   ", " ▀███▀    ", "   ▀      "),
    ),
    Mood.IDLE: Look("", "        ", (), ()),
}

COLOURS = {  # told apart by the colour-blind too: a dark red, a light yellow, a dark blue
    Mood.STOP: "bold #ffffff on #b3001b",
    Mood.HOLD: "bold #000000 on #f0c000",
    Mood.HINT: "bold #ffffff on #0060b0",
    Mood.KEPT: "bold",
    Mood.IDLE: "",
}
NO_COLOURS = {
    Mood.STOP: "bold reverse",
    Mood.HOLD: "bold",
    Mood.HINT: "",
    Mood.KEPT: "",
    Mood.IDLE: "",
}
NARROW = 60  # columns under which everything is written short, in one column
Styles = Mapping[Mood, str]


def fitted(row: Text, width: int) -> Text:
    """Return a row of exactly so many cells."""
    row.truncate(max(0, width), overflow="ellipsis", pad=True)
    return row


def beside(left: Text, right: Text, width: int) -> Text:
    """Return two texts at the two ends of a row; the right one goes before the left one is cut."""
    room = width - left.cell_len - 2
    if right.cell_len > room:
        return fitted(left, width)
    row = fitted(left, width - right.cell_len)
    return row.append_text(right)
