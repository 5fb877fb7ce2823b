"""An event log for each call, in one folder."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Self

from copilot.errors import OutputError
from copilot.events import Ended, Started, Told
from copilot.sinks.eventlog import EventLog

OWNER_ONLY = 0o700


class CallLogs:
    """Writes every call to a file of its own, named after the moment at which it began.

    Raises OutputError when the folder cannot be made or a file in it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._log: EventLog | None = None

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(OWNER_ONLY, parents=True, exist_ok=True)
        except OSError as error:
            message = f"{self._folder}: {error.strerror}; name another folder with --events"
            raise OutputError(message) from error
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    def emit(self, event: Told) -> None:
        """Write what belongs to a call; between two calls nothing does."""
        if isinstance(event, Started):
            self._log = self._open.enter_context(EventLog(self._free(event.wall)))
        if self._log is not None:
            self._log.emit(event)
        if isinstance(event, Ended):
            self._log = None
            self._open.close()

    def _free(self, wall: str) -> Path:
        stem = datetime.fromisoformat(wall).strftime("%Y-%m-%d_%H-%M-%S")
        path, number = self._folder / f"{stem}.jsonl", 1
        while path.exists():
            number += 1
            path = self._folder / f"{stem}_{number}.jsonl"
        return path
