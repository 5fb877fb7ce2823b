"""The calls that are measured: their sound, what is truly said in it when, and the cues due."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from copilot.events import CueName, Speaker
from copilot.sources.vtt import read_script

FOLDER = Path(__file__).parents[2] / "audio_fixtures"
CUE = re.compile(r"^NOTE cue (\d+\.\d+) (\w+) anchor (\d+\.\d+)$", re.MULTILINE)
SETTING = re.compile(r"^NOTE (language|questions) (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Spoken:
    """What one speaker truly says in one breath."""

    speaker: Speaker
    start: float  # s
    end: float
    text: str


@dataclass(frozen=True)
class Expected:
    """A cue that the rep must get."""

    name: CueName
    due: float  # s
    anchor: float


@dataclass(frozen=True)
class Call:
    """A recorded call."""

    sound: Path
    language: str
    questions: Path | None  # the prepared ladder
    spoken: tuple[Spoken, ...]
    expected: tuple[Expected, ...]

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.sound.stem

    @property
    def length(self) -> float:
        """Seconds of sound."""
        with av.open(str(self.sound)) as container:
            return (container.duration or 0) / av.time_base


def read_calls(names: Sequence[str]) -> list[Call]:
    """Read the fixtures of these names; all of them for none."""
    wanted = [FOLDER / f"{name}.vtt" for name in names] or sorted(FOLDER.glob("*.vtt"))
    return [_call(path) for path in wanted]


def _call(path: Path) -> Call:
    notes = path.read_text("utf-8")
    setting = dict(SETTING.findall(notes))
    spoken = tuple(
        Spoken(Speaker(one.voice), one.start / 1000, one.end / 1000, one.text)
        for one in read_script(path).utterances
    )
    expected = tuple(
        Expected(CueName(name), float(due), float(anchor))
        for due, name, anchor in CUE.findall(notes)
    )
    questions = path.parent / setting["questions"] if "questions" in setting else None
    return Call(path.with_suffix(".flac"), setting["language"], questions, spoken, expected)
