"""The same calls as sound, with the real model: the same cues, anchored at the same words."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from copilot.events import Event, Notice, Trouble
from copilot.settings import Settings
from tests.scenarios import FIXTURES, Hearing, cues, names, read_scenario

NEAR = 1.5  # s


@pytest.mark.model
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_sound(path: Path, hearing: Hearing) -> None:
    scenario = read_scenario(path)
    events = hearing.hear_recording(scenario)
    given = cues(events)
    assert names(given) == names(scenario.cues), given
    for cue, expected in zip(given, scenario.cues, strict=True):
        assert cue.anchor == pytest.approx(expected.anchor, abs=NEAR), cue
    assert not troubles(events)


@pytest.mark.model
@pytest.mark.parametrize(("name", "language"), [("en_no_pushed", "nl"), ("nl_no_pushed", "en")])
def test_another_language_is_told_once(name: str, language: str, hearing: Hearing) -> None:
    sound = (Path(__file__).parents[1] / "audio_fixtures" / name).with_suffix(".flac")
    events = hearing.hear(Settings(source=sound, language=language, model="base"))
    assert troubles(events) == [(Trouble.LANGUAGE, True)]


def troubles(events: Sequence[Event]) -> list[tuple[Trouble, bool]]:
    return [(one.trouble, one.on) for one in events if isinstance(one, Notice)]
