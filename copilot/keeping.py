"""What is kept of a call, by what the user set: nothing, its events, or its sound as well."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from copilot.dialogue.playbook import Playbook
from copilot.dialogue.prepared import read_questions
from copilot.errors import OutputError
from copilot.settings import DEFAULT_NAMES, Settings
from copilot.sinks.sink import Sink
from copilot.sources.pieces import Sound
from copilot.sources.sound_file import SoundFile
from copilot.store.card import Card, read_card
from copilot.store.clearing import keep_to_rules
from copilot.store.digest import digest_of
from copilot.store.keeper import Keeper
from copilot.store.shelf import Shelf


class Keeping:
    """The store's part in one call; `sinks` take its events, `hear` lets its sound through."""

    def __init__(self, settings: Settings, playbook: Playbook) -> None:
        self._settings = settings
        self._shelf = Shelf(settings.store)
        self._keeper = Keeper(self._shelf.root, card_of(settings, playbook))
        self._sound = SoundFile(self._keeper.path_of_sound)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remember the figures, delete what is too old; raises StoreError and OutputError."""
        if self.folder is None:
            return
        digest_of(self.folder, read_card(self.folder))
        keep_to_rules(self._shelf, datetime.now().astimezone())
        if self._sound.failure is not None and error is None:
            raise OutputError(self._sound.failure)

    @property
    def folder(self) -> Path | None:
        """Of the call, once it has begun to be kept."""
        return self._keeper.folder

    def sinks(self) -> Iterator[Sink]:
        """The store, if the call is to be kept."""
        if self._settings.save:
            yield self._keeper

    def hear(self, pieces: Iterator[Sound]) -> Iterator[Sound]:
        """Yield the call as it is, and keep its sound if that was asked for."""
        if self._settings.save and self._settings.keep_audio:
            return self._sound.hear(pieces)
        return pieces


def card_of(settings: Settings, playbook: Playbook) -> Card:
    """What is known of a call before it begins."""
    names = (settings.rep_name, settings.customer_name)
    rep, customer = ("" if name in DEFAULT_NAMES else name for name in names)
    return Card(
        when=settings.when,
        rep=rep,
        customer=customer,
        tags=tuple(dict.fromkeys(settings.tags)),
        language=playbook.language,
        playbook=settings.playbook.name if settings.playbook else "",
        questions=tuple(read_questions(settings.questions)) if settings.questions else (),
    )
