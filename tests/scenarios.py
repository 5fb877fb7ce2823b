"""Calls as text files say they should go: hears them through the real program, and compares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from msgspec.structs import replace

from copilot.app import hear_call
from copilot.dialogue.playbook import Playbook, load_playbook
from copilot.dialogue.space import Encoder, Vectors
from copilot.events import Cue, CueName, Event, Tick
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

    def emit(self, event: Event | Tick) -> None:
        if not isinstance(event, Tick):
            self.events.append(event)


class Remembered:
    """The real encoder, asked once for each text: what it says of a text never changes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class Hearing:
    """Hears many calls with one encoder and one playbook a language."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = Remembered(encoder)
        self._playbooks: dict[str, Playbook] = {}

    def hear(self, settings: Settings) -> list[Event]:
        language = settings.language
        if language not in self._playbooks:
            self._playbooks[language] = load_playbook(language)
        collector = Collector()
        hear_call(settings, self._playbooks[language], self._encoder, [collector])
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
