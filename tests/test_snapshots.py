"""The screen at three sizes, as text files: `pytest tests/test_snapshots.py --write-snapshots`."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from copilot.events import (
    ActKind,
    CueCleared,
    CueName,
    Key,
    Notice,
    Pressed,
    Rung,
    Tick,
    Told,
    Trouble,
)
from copilot.sinks.scene import Scene
from tests.screens import (
    ANSWERED,
    ENDED,
    HINT,
    LISTED,
    NL,
    NOTED,
    RUNG,
    SIZES,
    STARTED,
    STOP,
    TALK,
    act,
    cue,
    drawn,
    seen,
)

FOLDER = Path(__file__).parent / "snapshots"


class Shot(NamedTuple):
    """What has happened, and what is always there."""

    events: tuple[Told, ...]
    scene: Scene = NL


LADDER = (*NOTED, RUNG, act(RUNG, ActKind.CLOSED_QUESTION, rung=Rung(1, 1, 3, LISTED.questions[1])))
OVERDUE = cue(27.2, CueName.ANSWER_OVERDUE, "Wacht, of vraag hoe hij verder wil")
SHOTS: Mapping[str, Shot] = {
    "waiting": Shot(()),
    "listening": Shot((STARTED, Tick(3.0))),
    "hold": Shot((*TALK, Tick(21.4))),
    "overdue": Shot(
        (*TALK, CueCleared(27.2, CueName.HOLD_SILENCE, "overdue"), OVERDUE, Tick(29.0))
    ),
    "kept": Shot(ANSWERED),
    "broken": Shot((*TALK, CueCleared(21.0, CueName.HOLD_SILENCE, "broken"), STOP)),
    "hint": Shot((*NOTED, HINT)),
    "ladder": Shot(LADDER, LISTED),
    "muted": Shot((*TALK, Pressed(18.0, Key.MUTE), Tick(21.0))),
    "trouble": Shot((*TALK, Notice(18.0, Trouble.MICROPHONE_GONE, on=True))),
    "transcript": Shot((*NOTED, Pressed(38.5, Key.TRANSCRIPT))),
    "keys": Shot((*NOTED, Pressed(38.5, Key.HELP))),
    "ended": Shot(ENDED),
}


def sheet(shot: Shot) -> str:
    """The same state at every size, in one text."""
    state = seen(*shot.events)
    parts = (f"== {w}x{h}\n{drawn(state, w, h, shot.scene)}\n" for w, h in SIZES)
    return "".join(parts)


@pytest.mark.parametrize("name", SHOTS)
def test_the_screen_is_as_it_was(name: str, request: pytest.FixtureRequest) -> None:
    path = FOLDER / f"{name}.txt"
    if request.config.getoption("--write-snapshots"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(sheet(SHOTS[name]), encoding="utf-8")
    assert sheet(SHOTS[name]) == path.read_text(encoding="utf-8")


def test_no_snapshot_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(SHOTS)
