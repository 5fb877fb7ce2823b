"""The same calls as sound, with the real model: the same cues, anchored at the same words."""

from pathlib import Path

import pytest

from tests.scenarios import FIXTURES, Hearing, cues, names, read_scenario

NEAR = 1.5  # s


@pytest.mark.model
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_sound(path: Path, hearing: Hearing) -> None:
    scenario = read_scenario(path)
    given = cues(hearing.hear_recording(scenario))
    assert names(given) == names(scenario.cues), given
    for cue, expected in zip(given, scenario.cues, strict=True):
        assert cue.anchor == pytest.approx(expected.anchor, abs=NEAR), cue
