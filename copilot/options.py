"""What several commands ask alike, written once."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

from typer import Option

from copilot.errors import SourceError, StoreError

DAY = "%Y-%m-%d"
SIXTY = 60
MOMENT = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")

Language = Annotated[str, Option(help="Of the call and the cues: nl or en.")]
Model = Annotated[
    str | None, Option(help="A folder, `base`, or a faster-whisper name; else the best here.")
]
Playbook = Annotated[Path | None, Option(help="Your team's own examples and wording.")]
Questions = Annotated[Path | None, Option(help="Your prepared yes-questions, one a line.")]
Quiet = Annotated[bool, Option("--quiet", help="Show no console.")]
Plain = Annotated[bool, Option("--plain", help="A line for each cue, no screen.")]
Transcript = Annotated[
    bool, Option("--transcript", help="Show what is said from the start, not only on the key.")
]
Bell = Annotated[bool, Option("--bell", help="Sound the terminal's bell on stop cues.")]
Json = Annotated[bool, Option("--json", help="Stream the events to standard output, one a line.")]
UiLanguage = Annotated[
    str | None, Option(help="Of what you read, when it is not that of the call: nl or en.")
]
Store = Annotated[Path | None, Option(help="The folder of calls; else your own.")]
Tags = Annotated[list[str] | None, Option("--tag", help="A tag to keep it with; may be repeated.")]


def seconds_of(written: str) -> float | None:
    """A moment in a call as a user writes it, in seconds; None if it is empty.

    Raises:
        SourceError: it is no moment.
    """
    if not written:
        return None
    found = MOMENT.fullmatch(written.strip())
    if found is None:
        raise SourceError(f"{written}: not a moment of a call; write 90, 1:30 or 1:02:03")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    if (found[2] and seconds >= SIXTY) or (found[1] and minutes >= SIXTY):
        raise SourceError(f"{written}: no clock shows that; write 90, 1:30 or 1:02:03")
    return hours * 3600 + minutes * 60 + seconds


def _day(written: str) -> str:
    """A day as a user writes it, checked; raises StoreError."""
    if not written:
        return ""
    try:
        return datetime.strptime(written, DAY).strftime(DAY)
    except ValueError as error:
        raise StoreError(f"{written}: not a day; write it as 2026-01-31") from error


def period(since: str, until: str) -> tuple[str, str]:
    """Two days as a user writes them, checked; raises StoreError."""
    first, last = _day(since), _day(until)
    if first and last and first > last:
        raise StoreError(f"--since {since} --until {until}: no day lies between them")
    return first, last
