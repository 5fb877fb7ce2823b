"""How far an unpaced replay has come."""

from typing import Self

from rich.console import Console as Terminal
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from copilot.events import Told
from copilot.sinks.text import clock


class Progress:
    """A bar that follows the clock of the call.

    Args:
        length: of the call in seconds; None when nobody knows.
        begin: where the replay begins.
        terminal: to draw on.
    """

    def __init__(self, length: float | None, begin: float, terminal: Terminal) -> None:
        self._begin = begin
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=terminal,
            transient=True,
            auto_refresh=False,
        )
        total = None if length is None else max(0.1, length - begin)
        self._task = self._bar.add_task(clock(begin), total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._bar.stop()

    def emit(self, event: Told) -> None:
        """Move the bar to the event's time."""
        done = max(0.0, event.at - self._begin)
        drawn = self._bar.tasks[0].completed // 1.0
        self._bar.update(
            self._task, completed=done, description=clock(event.at), refresh=done // 1.0 > drawn
        )
