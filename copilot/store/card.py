"""What is known of a stored call besides its events: whose it was, and what was noted about it."""

import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import msgspec
from filelock import FileLock
from msgspec import Struct

from copilot.errors import StoreError

CARD = "call.json"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


class Note(Struct, frozen=True, omit_defaults=True):
    """A remark of the rep or the coach."""

    wall: str  # ISO 8601 with offset, when it was written
    text: str
    at: float | None = None  # s in the call that it is about


class Card(Struct, frozen=True, omit_defaults=True):
    """The `call.json` of a call."""

    when: str = ""  # ISO 8601, a moment with offset or a day: when it was held, or else replayed
    rep: str = ""
    customer: str = ""
    tags: tuple[str, ...] = ()
    language: str = "nl"
    ui_language: str = ""  # of the cues; empty is the call's
    playbook: str = ""  # file name of a team's own; empty is the language's
    questions: tuple[str, ...] = ()  # the prepared ladder
    model: str = ""
    source: str = ""
    version: str = ""
    begin: float = 0.0  # s; of a part of a recording
    end: float | None = None  # s; None is the end of the call
    notes: tuple[Note, ...] = ()

    @property
    def part(self) -> bool:
        """Whether only a part of the call was heard."""
        return self.begin > 0 or self.end is not None


def read_card(folder: Path) -> Card:
    """Read a call's card; one that was never written is empty. Raises StoreError."""
    path = folder / CARD
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except FileNotFoundError:
        return Card()
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: {error}; mend the file, or delete it to start anew") from error


def write_card(folder: Path, card: Card) -> None:
    """Replace a call's card as a whole; raises StoreError."""
    whole = msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"
    write_private(folder / CARD, whole)


def change_card(folder: Path, change: Callable[[Card], Card]) -> Card:
    """Read, change and write a card, so that two who do so at once lose nothing."""
    with FileLock(folder / ".card.lock", mode=PRIVATE_FILE):
        card = change(read_card(folder))
        write_card(folder, card)
    return card


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; readers see the old or the new, never a part."""
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        out = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(out, "wb") as file:
            file.write(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StoreError(f"{path}: {error.strerror}; make room, or name another place") from error
