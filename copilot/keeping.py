"""What is kept of calls, by what the user set: nothing, their events, or their sound as well."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar

from msgspec import structs

from copilot.day import STOPPED
from copilot.dialogue.playbook import Playbook
from copilot.dialogue.prepared import read_questions
from copilot.errors import OutputError, StoreError
from copilot.events import Ended, Started, Told
from copilot.settings import DEFAULT_NAMES, Settings
from copilot.sinks.sink import Sink
from copilot.sources.sound_file import SoundFile
from copilot.store.card import Card, change_card, read_card
from copilot.store.clearing import held, keep_to_rules, read_rules
from copilot.store.digest import digest_of
from copilot.store.keeper import Keeper, make_private, moment
from copilot.store.shelf import Shelf

Piece = TypeVar("Piece")


class Keeping:
    """A sink that keeps each call in a folder of its own; `hear` lets its sound through.

    Args:
        settings: what is to be kept, and where.
        playbook: of the calls.
        now: the wall clock.
    """

    def __init__(
        self,
        settings: Settings,
        playbook: Playbook,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._settings, self._now = settings, now
        self._shelf, self._card = Shelf(settings.store), card_of(settings, playbook)
        self._keeper: Keeper | None = None  # of the call that goes on
        self._sounds: list[SoundFile] = []
        self.folder: Path | None = None  # of the latest call

    def sinks(self) -> Iterator[Sink]:
        """Itself, if calls are to be kept."""
        if self._settings.save:
            yield self

    def __enter__(self) -> Self:
        """Make the folder of calls; raises StoreError."""
        try:
            make_private(self._shelf.root)
        except OSError as error:
            message = f"{self._shelf.root}: {error.strerror}; name a folder of yours with --store"
            raise StoreError(message) from error
        self._refuse_outdated()
        return self

    def _refuse_outdated(self) -> None:
        """A call that the rules would delete as soon as it was kept is not begun."""
        days, when = read_rules(self._shelf).keep_days, self._card.when
        if days is not None and when and self._now() - held(when) > timedelta(days):
            raise StoreError(
                f"--when {self._settings.when}: calls are kept for {days} days; "
                "leave it out, or lift that with `call-copilot calls prune --never`"
            )

    def __exit__(self, *exc: object) -> None:
        """Let go of a call that has not ended; raises OutputError for sound that was cut off."""
        if self._keeper is not None:
            self._keeper.__exit__(*exc)
        failures = [sound.failure for sound in self._sounds if sound.failure]
        if failures:
            raise OutputError("; ".join(failures))

    def emit(self, event: Told) -> None:
        """Write what belongs to a call; between two calls nothing does."""
        if isinstance(event, Started):
            self._keeper = Keeper(self._shelf.root, self._card).__enter__()
            self.folder = self._keeper.folder
        if self._keeper is not None:
            self._keeper.emit(event)
            if isinstance(event, Ended):
                self._end(self._keeper, event)

    def hear(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Yield a call as it is, and keep its sound if that was asked for."""
        if not (self._settings.save and self._settings.keep_audio):
            return pieces
        self._sounds = [sound for sound in self._sounds if sound.failure]
        self._sounds.append(SoundFile(self._path_of_sound))
        return self._sounds[-1].hear(pieces)

    def _path_of_sound(self) -> Path:
        if self._keeper is None:
            raise OutputError(f"{self._shelf.root}: the call is not kept, so its sound is not")
        return self._keeper.path_of_sound()

    def _end(self, keeper: Keeper, ended: Ended) -> None:
        """Remember the figures, and delete what has become too old."""
        self._keeper = None
        keeper.__exit__(None, None, None)
        if keeper.folder is not None:
            if ended.reason == STOPPED and (self._settings.source or self._settings.rep):
                change_card(keeper.folder, lambda card: structs.replace(card, end=ended.at))
            digest_of(keeper.folder, read_card(keeper.folder))
        keep_to_rules(self._shelf, self._now())


def card_of(settings: Settings, playbook: Playbook) -> Card:
    """What is known of a call before it begins."""
    names = (settings.rep_name, settings.customer_name)
    rep, customer = ("" if name in DEFAULT_NAMES else name for name in names)
    return Card(
        when=_moment_or_day(settings.when),
        rep=rep,
        customer=customer,
        tags=tuple(dict.fromkeys(settings.tags)),
        language=playbook.language,
        ui_language=settings.ui_language or "",
        playbook=settings.playbook.name if settings.playbook else "",
        questions=tuple(read_questions(settings.questions)) if settings.questions else (),
        begin=settings.begin,
        end=settings.end,
    )


def _moment_or_day(written: str) -> str:
    """As a card has it; nobody knows the time of a call of which only the day was told."""
    if len(written) <= len("2026-01-31"):
        return datetime.fromisoformat(written).date().isoformat() if written else ""
    return moment(written).astimezone().isoformat()
