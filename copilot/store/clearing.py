"""Takes calls off the shelf: one, or all that are older than they may become."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from filelock import Timeout
from msgspec import Struct

from copilot.errors import StoreError
from copilot.store.card import read_card, write_private
from copilot.store.keeper import make_private, moment, writing
from copilot.store.shelf import Shelf

RULES = ".rules.json"
GONE = ".gone-"  # a call that is being deleted; what a crash leaves of one is swept up later
AGE = re.compile(r"(\d+)([dwmy])")
DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Rules(Struct, frozen=True, omit_defaults=True):
    """What the user has set for the whole shelf."""

    keep_days: int | None = None  # None keeps for ever


def parse_age(written: str) -> timedelta:
    """`30d`, `8w`, `6m` (30 days each) or `2y` as a time; raises StoreError."""
    found = AGE.fullmatch(written.strip().lower())
    if found is None or not int(found[1]):
        raise StoreError(f"{written}: not an age; write 30d, 8w, 6m or 2y")
    try:
        return timedelta(days=int(found[1]) * DAYS[found[2]])
    except OverflowError as error:
        raise StoreError(f"{written}: too long an age; write 30d, 8w, 6m or 2y") from error


def delete(folder: Path) -> None:
    """Delete a call with all that is in its folder; raises StoreError while it goes on."""
    try:
        with writing(folder):
            pass
        gone = folder.with_name(GONE + folder.name)
        folder.rename(gone)  # at once: nobody ever lists half a call
        shutil.rmtree(gone)
    except Timeout as error:
        raise StoreError(f"{folder.name}: is going on; end the call first") from error
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}; make it yours to delete") from error


def held_at(folder: Path) -> datetime:
    """When a call was held, by its card or else by its name."""
    try:
        when = read_card(folder).when
    except StoreError:
        when = ""
    name = folder.name
    return held(when or f"{name[:4]}-{name[4:6]}-{name[6:8]}")


def held(when: str) -> datetime:
    """A moment, or the beginning of a day, as a card writes it."""
    found = moment(when)
    return found if found.tzinfo else found.astimezone()


def outdated(shelf: Shelf, age: timedelta, now: datetime) -> Iterator[Path]:
    """The calls that were held longer ago."""
    return (folder for folder in shelf.folders() if now - held_at(folder) > age)


def prune(shelf: Shelf, age: timedelta, now: datetime, told: Callable[[Path], None]) -> None:
    """Delete what is older, but for a call that goes on; tell each."""
    _sweep(shelf)
    for folder in outdated(shelf, age, now):
        try:
            delete(folder)
        except StoreError:
            continue  # it goes on, or is not ours; it can be named in a list, not pruned
        told(folder)


def read_rules(shelf: Shelf) -> Rules:
    """The shelf's rules; raises StoreError."""
    path = shelf.root / RULES
    try:
        return msgspec.json.decode(path.read_bytes(), type=Rules)
    except FileNotFoundError:
        return Rules()
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(f"{path}: {error}; delete it, and set the rule again") from error


def write_rules(shelf: Shelf, rules: Rules) -> None:
    """Set the shelf's rules; raises StoreError."""
    make_private(shelf.root)
    write_private(shelf.root / RULES, msgspec.json.encode(rules) + b"\n")


def keep_to_rules(shelf: Shelf, now: datetime) -> None:
    """Prune as the rules say; called whenever a call has been kept."""
    days = read_rules(shelf).keep_days
    if days is not None:
        prune(shelf, timedelta(days=days), now, lambda _: None)


def _sweep(shelf: Shelf) -> None:
    for rest in shelf.root.glob(f"{GONE}*"):
        shutil.rmtree(rest, ignore_errors=True)
