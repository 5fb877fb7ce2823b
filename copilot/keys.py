"""Single keys from the terminal: polled, never waited for; the terminal is given back as it was."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TextIO

from copilot.events import Key

if TYPE_CHECKING:
    from blessed import Terminal
    from blessed.keyboard import Keystroke


class Bound(NamedTuple):
    """How a key is written on the screen, and what the terminal sends for it."""

    label: str
    strokes: tuple[str, ...]


BOUND = MappingProxyType(
    {
        Key.MUTE: Bound("m", ("m",)),
        Key.TRANSCRIPT: Bound("t", ("t",)),
        Key.BOOKMARK: Bound("b", ("b",)),
        Key.NEW_CALL: Bound("n", ("n",)),
        Key.PAUSE: Bound("␣", (" ",)),
        Key.BACK: Bound("←", ("KEY_LEFT",)),
        Key.FORWARD: Bound("→", ("KEY_RIGHT",)),
        Key.HELP: Bound("?", ("?", "h")),
        Key.QUIT: Bound("q", ("q",)),
    }
)
ESCAPE = 0.01  # s that the rest of an arrow key's sequence may take


class Keyboard(Protocol):
    """Whatever the rep can press keys on."""

    def pressed(self) -> Iterator[Key]:
        """Yield what has been pressed since the last time; never wait."""
        ...


class NoKeys:
    """For a program that nobody sits at."""

    def pressed(self) -> Iterator[Key]:
        """Nothing."""
        return iter(())


class Keys:
    """The keyboard of the terminal; Ctrl-C stays what it was.

    A stdin that is no terminal has no keys.

    Args:
        wanted: the keys that do something; others are passed over.
        stream: the terminal that is written to.
    """

    def __init__(self, wanted: Iterable[Key], stream: TextIO | None = None) -> None:
        self._stream = stream
        self._keys = {stroke: key for key in wanted for stroke in BOUND[key].strokes}
        self._open = ExitStack()
        self._reader: Terminal | None = None

    def __enter__(self) -> Self:
        if not is_keyboard() or not _in_front():
            return self
        from blessed import Terminal  # takes 0.2 s, which a program without keys need not wait for

        # without styles it asks the terminal nothing, which some would answer on the screen
        terminal = Terminal(stream=self._stream or sys.__stdout__, force_styling=None)
        self._open.enter_context(terminal.cbreak())
        self._reader = terminal
        return self

    def __exit__(self, *exc: object) -> None:
        self._reader = None
        self._open.close()

    def pressed(self) -> Iterator[Key]:
        """Yield what has been pressed since the last time; never wait."""
        while (stroke := self._stroke()) is not None:
            key = self._keys.get(stroke.name or stroke.lower())
            if key is not None:
                yield key

    def _stroke(self) -> "Keystroke | None":
        if self._reader is None or not _in_front():
            return None
        try:
            return self._reader.inkey(timeout=0, esc_delay=ESCAPE) or None
        except (EOFError, OSError):  # the terminal is gone; the call goes on
            self._reader = None
            return None


def is_keyboard() -> bool:
    """Whether somebody can press keys at all."""
    return sys.__stdin__ is not None and not sys.__stdin__.closed and sys.__stdin__.isatty()


def _in_front() -> bool:
    """Whether the terminal is ours to read; one who reads it from the background is stopped."""
    if sys.platform == "win32" or sys.__stdin__ is None:
        return True
    try:
        return os.tcgetpgrp(sys.__stdin__.fileno()) == os.getpgrp()
    except OSError:
        return False
