"""Calls as text: the cues that their NOTE lines promise, all of them, in order, at their times."""

from pathlib import Path

import pytest

from tests.scenarios import FIXTURES, SCENARIOS, Hearing, cues, names, read_scenario

EXACT = 0.05  # s


@pytest.mark.parametrize("path", [*FIXTURES, *SCENARIOS], ids=lambda path: path.stem)
def test_text(path: Path, hearing: Hearing) -> None:
    scenario = read_scenario(path)
    given = cues(hearing.hear(scenario.settings))
    assert names(given) == names(scenario.cues), given
    for cue, expected in zip(given, scenario.cues, strict=True):
        assert cue.due == pytest.approx(expected.due, abs=EXACT), cue
        assert cue.anchor == pytest.approx(expected.anchor, abs=EXACT), cue
