"""Reads a stored call again, also one whose process was killed in the middle of a line."""

import os
from pathlib import Path

import msgspec

from copilot.errors import SourceError, StoreError
from copilot.events import Event
from copilot.sinks.eventlog import DECODER
from copilot.store.keeper import EVENTS, being_written


def read_call(folder: Path) -> tuple[Event, ...]:
    """The events of a stored call; a torn last line is cut off, also in the file.

    Raises:
        StoreError: there is none, or one before the last is damaged.
    """
    path = folder / EVENTS
    events, whole = read_whole(path)
    if whole < _size(path) and not being_written(folder):
        os.truncate(path, whole)
    return events


def read_whole(path: Path) -> tuple[tuple[Event, ...], int]:
    """The events of a log as far as they are whole, and how many bytes that is.

    Raises:
        StoreError: as for `read_call`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; give the log of a call") from error
    events: list[Event] = []
    whole = 0
    rows = content.splitlines(keepends=True)
    for number, row in enumerate(rows, start=1):
        try:
            if not row.endswith(b"\n"):
                break
            events.append(DECODER.decode(row))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if number == len(rows):
                break  # torn, though with a line's end: the disk had room for that
            raise StoreError(f"{path}, line {number}: {error}; remove that line") from error
        whole += len(row)
    if not events:
        raise StoreError(f"{path}: no event in it; delete the call")
    return tuple(events), whole


def read_loose(path: Path) -> tuple[Event, ...]:
    """The events of a log that lies anywhere; it is left as it is. Raises SourceError."""
    try:
        return read_whole(path)[0]
    except StoreError as error:
        raise SourceError(str(error)) from error


def _size(path: Path) -> int:
    return path.stat().st_size
