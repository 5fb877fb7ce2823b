"""The event log: JSON Lines, one event a line, readable only by its owner."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from copilot.errors import OutputError, SourceError
from copilot.events import Event, Told, Unlogged
from copilot.sinks.pipe import unheard

STDOUT = Path("-")
BEGINS = b'{"type":'  # every line of a log
OWNER_ONLY = 0o600  # what a customer said is nobody else's business
DECIMALS = 3  # of a second, and of a confidence
DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class EventLog:
    """Writes every event to a file, over another log, or to standard output for `-`.

    Raises OutputError when it cannot be opened or is no log, and when it cannot be written later.
    """

    _out: BinaryIO  # from __enter__ on

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._out = self._open.enter_context(_writable(self._path))
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    def emit(self, event: Told) -> None:
        """Write the event and flush, so that a crash loses nothing; what is unlogged passes."""
        if isinstance(event, Unlogged):
            return
        try:
            self._out.write(encode(event))
            self._out.flush()
        except BrokenPipeError as error:
            if self._path != STDOUT:
                raise OutputError(f"{self._path}: its reader has left; keep it open") from error
            unheard(self._out.fileno())
        except OSError as error:
            message = (
                f"{self._path}: {error.strerror}; the event log is cut off at {event.at:.1f} s"
            )
            raise OutputError(f"{message}; make room, or name another file") from error


def encode(event: Event) -> bytes:
    """One line of the log, newline included."""
    fields: dict[str, str | float | bool] = msgspec.to_builtins(event)
    return msgspec.json.encode({key: _loggable(value) for key, value in fields.items()}) + b"\n"


def read_log(path: Path) -> Iterator[Event]:
    """Decode a log again, event by event; SourceError names the file, and the line that is none."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                yield _event(line, f"{path}, line {number}")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}; give the log of a call") from error


def _event(line: bytes, where: str) -> Event:
    try:
        return DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{where}: {error}; remove that line") from error


def _loggable(value: str | float | bool) -> str | float | bool:
    """Round a float; replace the stray bytes of a file name that is no UTF-8."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    return value


def _writable(path: Path) -> AbstractContextManager[BinaryIO]:
    if path == STDOUT:
        return nullcontext(sys.stdout.buffer)
    try:
        return _created(path)
    except FileNotFoundError as error:
        if path.parent.is_dir():
            raise OutputError(f"{path}: cannot be made there; name another file") from error
        raise OutputError(f"{path}: there is no folder {path.parent}; make it first") from error
    except IsADirectoryError as error:
        raise OutputError(f"{path} is a folder; name a file in it") from error
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}; name a file that you may write") from error


def _created(path: Path) -> BinaryIO:
    if path.is_file():
        with path.open("rb") as old:
            head = old.read(len(BEGINS))
        if head and head != BEGINS:
            raise OutputError(f"{path}: is no event log, and would be lost; name another file")
    path.touch(OWNER_ONLY)  # so that a new file is never anyone else's, not even for a moment
    file = path.open("wb")
    try:
        # one that was there keeps its mode; a pipe or a device is not ours to close to others
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            path.chmod(OWNER_ONLY)
    except OSError:
        file.close()
        raise
    return file
