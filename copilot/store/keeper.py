"""Keeps a call while it goes on: each event as it comes, so that a killed process loses none."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Self

from filelock import FileLock, Timeout
from msgspec import structs

from copilot.errors import StoreError
from copilot.events import Started, Told
from copilot.sinks.eventlog import EventLog
from copilot.store.card import PRIVATE_FILE, PRIVATE_FOLDER, Card, write_card

EVENTS = "events.jsonl"
SOUND = "audio.flac"
LOCK = ".writing"
TRIES = 20  # of a name that another process has just taken


class Keeper:
    """A sink that makes a folder in the store, and writes a call into it.

    Args:
        shelf: the folder that holds all calls.
        card: what is known of the call before it begins; the rest comes with its first event.
    """

    def __init__(self, shelf: Path, card: Card) -> None:
        self._shelf, self._card = shelf, card
        self.folder: Path | None = None  # until it is made
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Make the folder; raises StoreError."""
        folder = new_folder(self._shelf, moment(self._card.when))
        with ExitStack() as undo:
            undo.enter_context(writing(folder))
            self._log = undo.enter_context(EventLog(folder / EVENTS))
            write_card(folder, self._card)
            self._open = undo.pop_all()
        self.folder = folder
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    def emit(self, event: Told) -> None:
        """Write what a log holds, and flush."""
        if isinstance(event, Started) and self.folder is not None:
            self._begin(event, self.folder)
        self._log.emit(event)

    def path_of_sound(self) -> Path:
        """Where the sound of the call belongs; the folder has been made."""
        return (self.folder or self._shelf) / SOUND

    def _begin(self, started: Started, folder: Path) -> None:
        card = structs.replace(
            self._card,
            when=self._card.when or started.wall,
            language=started.language,
            model=started.model,
            source=started.source,
            version=started.version,
        )
        write_card(folder, card)


def writing(folder: Path) -> FileLock:
    """What is held by the process that writes a call, and let go of however that ends."""
    return FileLock(folder / LOCK, timeout=0, mode=PRIVATE_FILE)


def being_written(folder: Path) -> bool:
    """Whether some process is writing this call now."""
    if not (folder / LOCK).exists():
        return False
    try:
        with writing(folder):
            return False
    except Timeout:
        return True


def new_folder(shelf: Path, when: datetime) -> Path:
    """Make a folder for a call, named by its moment; two processes never get the same one."""
    try:
        make_private(shelf)
        for _ in range(TRIES):
            folder = shelf / f"{when:%Y%m%d-%H%M%S}-{token_hex(2)}"
            try:
                folder.mkdir(PRIVATE_FOLDER)
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise StoreError(
            f"{shelf}: {error.strerror}; name a folder of your own with --store"
        ) from error
    raise StoreError(f"{shelf}: no free name for a call; try again")


def make_private(shelf: Path) -> None:
    """Make the folder of calls and the one above it, readable only by their owner."""
    shelf.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    shelf.mkdir(PRIVATE_FOLDER, exist_ok=True)


def moment(written: str) -> datetime:
    """A time as a card writes it; now, if it has none."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return datetime.now().astimezone()
