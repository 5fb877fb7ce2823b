"""Plain lines for a pipe, a log or a screen reader: one for each cue, also one not shown."""

from collections.abc import Iterator
from io import TextIOBase
from typing import Self, TextIO

from copilot.errors import OutputError
from copilot.events import Bookmarked, Cue, CueCleared, Ended, Line, Lost, Notice, Told
from copilot.sinks.pipe import unheard
from copilot.sinks.record import HOLDING
from copilot.sinks.scene import Scene
from copilot.sinks.screen import ScreenState, after
from copilot.sinks.severity import severity
from copilot.sinks.summary import summary
from copilot.sinks.text import clean, clock, quoted


class Plain:
    """Writes one line an event, each starting with the time at which it became known."""

    def __init__(self, scene: Scene, stream: TextIO | TextIOBase) -> None:
        self._scene, self._stream = scene, stream
        self._state = ScreenState()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stream.flush()

    def emit(self, event: Told) -> None:
        """Write the event, if it is one that a reader wants, and flush."""
        self._state = after(self._state, event)
        parts = [clean(part) for part in self._parts(event)]
        if parts:
            self._write("  ".join(part for part in (clock(event.at), *parts) if part))
        if isinstance(event, Ended):
            for point in summary(self._state, self._scene):
                self._write(f"{point.title}: {point.text}")

    def _parts(self, event: Told) -> Iterator[str]:
        scene = self._scene
        match event:
            case Cue():
                word = scene.word(severity(event.name))
                # brackets: due, but a more important cue kept the screen
                yield from (word if event.shown else f"({word})", event.text, quoted(event.because))
            case CueCleared() if event.name in HOLDING and self._state.outcome == event.at:
                held = self._state.record.closings[-1].held or 0.0
                yield f"{scene.seconds(held)} {scene.word('held')}"
            case Line() if scene.transcript:
                yield from (scene.word(event.speaker), event.text)
            case Bookmarked():
                yield from (scene.word("marked"), clock(event.moment))
            case Notice() if event.on:
                yield f"! {scene.troubles.get(event.trouble, event.trouble)}"
            case Lost():
                yield f"{scene.seconds(event.seconds)} {scene.word('lost')}"
            case _:
                return

    def _write(self, line: str) -> None:
        encoding = self._stream.encoding or "utf-8"  # not every terminal can show every letter
        try:
            self._stream.write(line.encode(encoding, errors="replace").decode(encoding) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            unheard(self._stream.fileno())
        except OSError as error:
            raise OutputError(f"standard output: {error.strerror}; make room") from error
