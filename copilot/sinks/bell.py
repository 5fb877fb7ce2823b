"""The terminal's bell, for who looks elsewhere: once for each cue that says stop."""

from typing import Self

from rich.console import Console as Terminal

from copilot.events import Cue, Told
from copilot.sinks.screen import muted
from copilot.sinks.severity import Severity, severity


class Bell:
    """Sounds when a stop cue comes on the screen, unless cues are muted."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._muted = 0.0  # s until which it is silent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def emit(self, event: Told) -> None:
        """Ring, if this is the moment."""
        self._muted = muted(self._muted, event)
        stop = isinstance(event, Cue) and event.shown and severity(event.name) is Severity.STOP
        if stop and event.at >= self._muted:
            self._terminal.bell()
