"""Plain lines for a pipe or a log: every line of speech and every cue, also one not shown."""

import os
from collections.abc import Mapping
from typing import Self, TextIO

from copilot.events import Act, Cue, Line, Lost, Rung, Told
from copilot.sinks.severity import severity
from copilot.sinks.text import clean, clock


class Plain:
    """Writes one line an event, each starting with the time at which it became known."""

    def __init__(self, words: Mapping[str, str], stream: TextIO) -> None:
        self._words = words
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stream.flush()

    def emit(self, event: Told) -> None:
        """Write the event, if it is one that a reader wants, and flush."""
        parts = _parts(event, self._words)
        if parts:
            self._write("  ".join(clean(part) for part in (clock(event.at), *parts) if part))

    def _write(self, line: str) -> None:
        encoding = self._stream.encoding or "utf-8"  # not every terminal can show every letter
        try:
            self._stream.write(line.encode(encoding, errors="replace").decode(encoding) + "\n")
            self._stream.flush()
        except BrokenPipeError:  # the reader (head, less) has seen enough; the call goes on
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


def _parts(event: Told, words: Mapping[str, str]) -> tuple[str, ...]:
    match event:
        case Cue():
            word = words[severity(event.name)]
            # brackets: due, but a more important cue kept the screen
            return (word if event.shown else f"({word})", event.text, _quoted(event.because))
        case Line():
            return (words[event.speaker], event.text)
        case Act(prepared=Rung(next=question, asked=asked, of=of)) if question:
            return (f"{words['next']} {asked + 1}/{of}", _quoted(question))
        case Lost():
            return (f"{event.seconds:.1f} s {words['lost']}",)
        case _:
            return ()


def _quoted(text: str) -> str:
    return f"“{text}”" if text else ""
