"""What the log tells besides acts and cues: the run of yeses, and the agreement to a next step."""

import pytest
from msgspec.structs import replace

from copilot.events import Agreed, Cue, CueName, Event, YesRun
from tests.scenarios import HERE, Hearing, read_scenario


def heard(hearing: Hearing, name: str, delay: float = 0.0) -> list[Event]:
    scenario = read_scenario(HERE / "scenarios" / f"{name}.vtt")
    return hearing.hear(replace(scenario.settings, delay=delay))


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("nl_ladder_top", [1, 2, 3, 4]),
        ("nl_ladder_lapses", [1, 2, 0, 1, 2]),
        ("nl_ladder_closing_ends_it", [1, 2, 0, 1]),
        ("en_ladder_top", [1, 2, 3]),
    ],
)
def test_the_run_of_yeses(hearing: Hearing, name: str, runs: list[int]) -> None:
    events = heard(hearing, name)
    assert [event.yeses for event in events if isinstance(event, YesRun)] == runs


def test_a_run_is_told_no_later_than_the_cue_it_causes(hearing: Hearing) -> None:
    events = heard(hearing, "nl_ladder_top")
    (third,) = (event.at for event in events if isinstance(event, YesRun) and event.yeses == 3)
    (ask,) = (
        event.at
        for event in events
        if isinstance(event, Cue) and event.name is CueName.MAKE_THE_ASK
    )
    assert third == ask


@pytest.mark.parametrize("delay", [0.0, 2.0])
def test_an_agreement_is_told_with_its_words(hearing: Hearing, delay: float) -> None:
    agreed = [
        event for event in heard(hearing, "nl_next_step_agreed", delay) if isinstance(event, Agreed)
    ]
    assert agreed == [Agreed(8.6 + delay, True, "Ja, doe maar.", 7.6)]


@pytest.mark.parametrize(
    "name", ["nl_next_step_none", "nl_next_step_hesitation", "nl_next_step_after_a_no"]
)
def test_no_agreement(hearing: Hearing, name: str) -> None:
    assert not [event for event in heard(hearing, name) if isinstance(event, Agreed)]


@pytest.mark.parametrize("delay", [0.0, 0.8, 3.0])
def test_a_yes_into_a_broken_silence_does_not_stand(hearing: Hearing, delay: float) -> None:
    events = heard(hearing, "nl_next_step_silence_broken", delay)
    agreed = [event.on for event in events if isinstance(event, Agreed)]
    assert agreed in ([], [True, False])
