"""The figures of a stored call, worked out once and remembered beside its events."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from copilot.dialogue.grammar import Parser
from copilot.dialogue.playbook import load_playbook
from copilot.errors import StoreError
from copilot.events import Ended, Started
from copilot.figures.figures import VERSION, Figures, figures_of
from copilot.figures.talk import Asks
from copilot.store.card import Card, write_private
from copilot.store.keeper import EVENTS, being_written
from copilot.store.reading import read_call

DIGEST = "figures.json"  # can be deleted: it is made again from the events


class Digest(Struct, frozen=True):
    """What lists and trends need of a call; `size` and `version` tell whether it still holds."""

    version: int
    size: int  # bytes of the log
    whole: bool  # the call ended in order
    figures: Figures


DECODER = msgspec.json.Decoder(Digest)


def digest_of(folder: Path, card: Card) -> Digest:
    """The remembered figures, or new ones, which are remembered once the call is over.

    Raises:
        StoreError: the log is damaged.
    """
    remembered = _remembered(folder)
    if remembered is not None:
        return remembered
    events = read_call(folder)
    first = events[0]
    language = first.language if isinstance(first, Started) else card.language
    figures = figures_of(events, asks_in(language))
    size = (folder / EVENTS).stat().st_size
    digest = Digest(VERSION, size, isinstance(events[-1], Ended), figures)
    if not being_written(folder):
        _remember(folder, digest)
    return digest


@cache
def asks_in(language: str) -> Asks:
    """What tells whether a customer's line is a question; loads the language's playbook."""
    return Parser(load_playbook(language).grammar).asks_back


def _remembered(folder: Path) -> Digest | None:
    try:
        digest = DECODER.decode((folder / DIGEST).read_bytes())
        size = (folder / EVENTS).stat().st_size
    except (OSError, msgspec.DecodeError):
        return None
    return digest if (digest.version, digest.size) == (VERSION, size) else None


def _remember(folder: Path, digest: Digest) -> None:
    try:
        write_private(folder / DIGEST, msgspec.json.encode(digest))
    except StoreError:
        return  # a full or read-only disk: it is worked out again next time
