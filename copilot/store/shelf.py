"""All stored calls: listing, finding one by a part of its name, searching."""

import os
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from platformdirs import user_data_path

from copilot.errors import CopilotError, StoreError
from copilot.events import CueName, Event, Line
from copilot.store.card import Card, read_card
from copilot.store.digest import Digest, digest_of
from copilot.store.keeper import being_written
from copilot.store.reading import read_call

LAST = "last"  # the call that was held last


class State(StrEnum):
    """How a stored call is."""

    WHOLE = "whole"
    GOING_ON = "going_on"
    CUT_OFF = "cut_off"  # its process was killed
    DAMAGED = "damaged"


class Entry(Struct, frozen=True):
    """A call on the shelf."""

    folder: Path
    card: Card
    state: State
    digest: Digest | None = None  # None when damaged
    fault: str = ""

    @property
    def name(self) -> str:
        """What the call is called on the command line."""
        return self.folder.name

    @property
    def day(self) -> str:
        """YYYY-MM-DD on which it was held, by its card or else its name; empty if neither says."""
        name = self.folder.name
        for written in (self.card.when, f"{name[:4]}-{name[4:6]}-{name[6:8]}"):
            try:
                return datetime.fromisoformat(written).date().isoformat()
            except ValueError:
                continue
        return ""


class Query(Struct, frozen=True):
    """What a listed call must have; an empty field asks nothing. Text is compared caseless."""

    since: str = ""  # YYYY-MM-DD, inclusive
    until: str = ""
    rep: str = ""  # part of the name
    customer: str = ""
    tag: str = ""
    cue: CueName | None = None
    words: str = ""  # that stand in a line of either side


class Shelf:
    """The folder that holds the calls; None is the user's own data folder."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or user_data_path("call-copilot", appauthor=False) / "calls"

    def folders(self) -> list[Path]:
        """The folders of calls, newest first; raises StoreError."""
        try:
            with os.scandir(self.root) as found:
                names = [one.name for one in found if one.name[:1] != "." and one.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self.root}: {error.strerror}; name another --store") from error
        return [self.root / name for name in sorted(names, reverse=True)]

    def entries(self, query: Query | None = None) -> Iterator[Entry]:
        """The calls that a query asks for; a damaged one is told as such."""
        query = query or Query()
        for folder in self.folders():
            entry = look(folder)
            if _fits(entry, query):
                yield entry

    def find(self, name: str) -> Path:
        """The folder of a call by its name, a part of it that only it has, or `last`."""
        folders = self.folders()
        if not folders:
            raise StoreError(f"{self.root}: no calls in it; keep one with replay --save")
        if name == LAST:
            return folders[0]
        found = [one for one in folders if one.name == name] or [
            one for one in folders if name and name in one.name
        ]
        if len(found) != 1:
            many = f"{len(found)} calls have that in their name" if found else "no such call"
            raise StoreError(f"{name}: {many}; `call-copilot calls` lists them")
        return found[0]


def look(folder: Path) -> Entry:
    """See how a call is, and what it is about."""
    card = Card()
    try:
        card = read_card(folder)
        digest = digest_of(folder, card)
    except CopilotError as error:
        state = State.GOING_ON if being_written(folder) else State.DAMAGED
        return Entry(folder, card, state, fault=str(error))
    if digest.whole:
        return Entry(folder, card, State.WHOLE, digest)
    state = State.GOING_ON if being_written(folder) else State.CUT_OFF
    return Entry(folder, card, state, digest)


def _fits(entry: Entry, query: Query) -> bool:
    card = entry.card
    if (query.since and entry.day < query.since) or (query.until and entry.day > query.until):
        return False
    if not (_within(query.rep, card.rep) and _within(query.customer, card.customer)):
        return False
    if query.tag and query.tag.casefold() not in [tag.casefold() for tag in card.tags]:
        return False
    if query.cue and (entry.digest is None or query.cue not in entry.digest.figures.cues):
        return False
    return not query.words or _says(entry, query.words)


def _within(part: str, whole: str) -> bool:
    return part.casefold() in whole.casefold()


def _says(entry: Entry, words: str) -> bool:
    if entry.state is State.DAMAGED:
        return False
    wanted = " ".join(words.split())
    return any(_within(wanted, line) for line in said(read_call(entry.folder)))


def said(events: tuple[Event, ...]) -> Iterator[str]:
    """The words of each line."""
    return (event.text for event in events if isinstance(event, Line))
