"""Calls as text files say they should go: hears them through the real program, and compares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from msgspec.structs import replace

from copilot.app import hear_call
from copilot.dialogue.acts import Understanding
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.space import multilingual_encoder
from copilot.events import Cue, CueName, Event, Told, Unlogged
from copilot.settings import Settings

HERE = Path(__file__).parent
FIXTURES = sorted((HERE.parent / "audio_fixtures").glob("*.vtt"))
SCENARIOS = sorted((HERE / "scenarios").glob("*.vtt"))

_CUE = re.compile(r"NOTE cue (\S+) (\S+) anchor (\S+)")
_LANGUAGE = re.compile(r"NOTE language (\S+)")
_QUESTIONS = re.compile(r"NOTE questions (\S+)")


class Expected(NamedTuple):
    """A cue as the NOTE lines of a call promise it."""

    due: float
    name: CueName
    anchor: float


@dataclass(frozen=True)
class Scenario:
    """A call with its expected cues: all of them, in order."""

    path: Path
    language: str
    questions: Path | None
    cues: tuple[Expected, ...]

    @property
    def settings(self) -> Settings:
        """The call as text, every line known the moment it ends."""
        return Settings(
            source=self.path, language=self.language, questions=self.questions, delay=0.0
        )


def read_scenario(path: Path) -> Scenario:
    rows = path.read_text(encoding="utf-8").splitlines()
    cues = [row for row in rows if row.startswith("NOTE cue")]
    languages = [found[1] for row in rows if (found := _LANGUAGE.fullmatch(row))]
    lists = [path.with_name(found[1]) for row in rows if (found := _QUESTIONS.fullmatch(row))]
    return Scenario(
        path, languages[0], lists[0] if lists else None, tuple(_expected(row) for row in cues)
    )


def _expected(row: str) -> Expected:
    found = _CUE.fullmatch(row)
    if found is None:
        raise ValueError(f"{row!r}: write NOTE cue DUE NAME anchor ANCHOR")
    return Expected(float(found[1]), CueName(found[2]), float(found[3]))


class Collector:
    """A sink that keeps what a log would hold."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def emit(self, event: Told) -> None:
        if not isinstance(event, Unlogged):
            self.events.append(event)


class Hearing:
    """Hears many calls with what was learned once from each language's playbook."""

    def __init__(self) -> None:
        self._learned: dict[str, Understanding] = {}

    def learned(self, language: str) -> Understanding:
        if language not in self._learned:
            self._learned[language] = Understanding(
                load_playbook(language), multilingual_encoder(), Network()
            )
        return self._learned[language]

    def hear(self, settings: Settings) -> list[Event]:
        collector = Collector()
        hear_call(settings, self.learned(settings.language), [collector])
        return collector.events

    def hear_recording(self, scenario: Scenario, delay: float | None = None) -> list[Event]:
        """The same call as sound, with the real model."""
        settings = replace(
            scenario.settings, source=scenario.path.with_suffix(".flac"), model="base"
        )
        return self.hear(replace(settings, delay=Settings().delay if delay is None else delay))


def cues(events: Sequence[Event]) -> list[Expected]:
    given = [event for event in events if isinstance(event, Cue)]
    return [Expected(cue.due, cue.name, cue.anchor) for cue in given]


def names(expected: Sequence[Expected]) -> list[str]:
    return [str(cue.name) for cue in expected]
