"""What holds for every call, however it is cut, however late its words are known."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from copilot.events import Cue, CueName, Event, Heard, Lost
from copilot.frames import Block, Samples
from copilot.settings import Settings
from copilot.sinks.eventlog import EventLog, read_log
from copilot.sources.recording import Recording
from copilot.speech.backlog import AsRecognised
from copilot.speech.listener import Listener
from copilot.speech.model import find_model
from copilot.speech.order import AfterDelay, Order
from copilot.speech.recognizer import Recognizer, Whisper
from copilot.speech.words import Words
from tests.scenarios import FIXTURES, SCENARIOS, Expected, Hearing, Scenario, cues, read_scenario
from tests.spelled import Spoken, advice, calls, write_vtt

BLOCKS = [160, 441, 10**9]  # samples
DELAYS = [0.5, 1.5, 3.0]  # s, of a recogniser that is later than at once
FIXTURE = next(path for path in FIXTURES if path.stem == "nl_silence_broken")
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Length:
    """A recogniser that understands how long a line is, and how loud."""

    def submit(self, samples: NDArray[np.int16]) -> "Future[Words | None]":
        answer: Future[Words | None] = Future()
        answer.set_result(Words(f"{len(samples)} {int(np.abs(samples).sum())}", 1.0))
        return answer


def sound_of(path: Path) -> Samples:
    with Recording(path.with_suffix(".flac")) as recording:
        blocks = [block for block in recording.blocks() if isinstance(block, Block)]
    return np.concatenate([block.samples for block in blocks])


def cut(sound: Samples, size: int) -> Iterator[Block]:
    for start in range(0, len(sound), size):
        yield Block(start, sound[start : start + size])


def listened(blocks: Iterator[Block | Lost], recognizer: Recognizer) -> list[Heard]:
    listener = Listener(recognizer, AfterDelay(0.3))
    heard = [event for block in blocks for event in listener.hear(block)]
    return [*heard, *listener.finish()]


def at_any_time(given: Sequence[Expected]) -> list[Expected]:
    """Cues without the order in which they became known."""
    return sorted(Expected(round(cue.due, 2), cue.name, round(cue.anchor, 2)) for cue in given)


@pytest.mark.parametrize("size", BLOCKS)
def test_how_sound_is_cut_does_not_matter(size: int) -> None:
    sound = sound_of(FIXTURE)
    whole = listened(iter([Block(0, sound)]), Length())
    assert len(whole) > 100
    assert listened(cut(sound, size), Length()) == whole


@pytest.mark.parametrize("order", [AfterDelay(0.3), AsRecognised()])
def test_what_is_lost_at_the_end_is_told(order: Order) -> None:
    sound = sound_of(FIXTURE)[: 16_000 * 4 + 37]
    lost = Lost(len(sound) / 16_000, 9.0)
    listener = Listener(Length(), order)
    heard = [one for piece in (Block(0, sound), lost) for one in listener.hear(piece)]
    assert lost in [*heard, *listener.finish()]


def test_one_sample_at_a_time() -> None:
    sound = sound_of(FIXTURE)[16_000 : 16_000 * 4]
    assert listened(cut(sound, 1), Length()) == listened(cut(sound, 10**9), Length())


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=30))
@BOUNDED
def test_any_cut(sizes: list[int]) -> None:
    sound = SHORT[: sum(sizes)]
    edges = np.cumsum([0, *sizes]).tolist()
    blocks = (Block(start, sound[start:end]) for start, end in pairwise(edges))
    assert listened(blocks, Length()) == listened(cut(sound, 10**9), Length())


SHORT = sound_of(FIXTURE)[: 16_000 * 10]


@pytest.mark.model
def test_how_sound_is_cut_does_not_matter_to_the_model() -> None:
    sound = sound_of(FIXTURE)[: 16_000 * 12]
    with Whisper(find_model("base").folder, "nl", workers=2) as whisper:
        whole = listened(cut(sound, 10**9), whisper)
        assert listened(cut(sound, 441), whisper) == whole


@pytest.mark.parametrize("path", [*FIXTURES, *SCENARIOS[::6]], ids=lambda path: path.stem)
def test_a_later_recogniser_gives_the_same_cues(path: Path, hearing: Hearing) -> None:
    scenario = read_scenario(path)
    at_once = at_any_time(cues(hearing.hear(scenario.settings)))
    for delay in DELAYS:
        later = hearing.hear(replace(scenario.settings, delay=delay))
        assert at_any_time(cues(later)) == at_once, delay


@given(calls())
@BOUNDED
def test_a_later_recogniser_of_any_call(tmp_path: Path, call: list[Spoken]) -> None:
    path = write_vtt(tmp_path / "call.vtt", call)
    at_once = at_any_time(cues(advice(path, 0.0)))
    for delay in DELAYS:
        assert at_any_time(cues(advice(path, delay))) == at_once, delay


@pytest.mark.model
def test_a_later_recogniser_of_sound(hearing: Hearing) -> None:
    scenario = read_scenario(FIXTURE)
    early, late = (cues(hearing.hear_recording(scenario, delay)) for delay in (0.1, 1.0))
    assert early
    assert at_any_time(late) == at_any_time(early)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_log_reads_back_as_it_happened(path: Path, hearing: Hearing, tmp_path: Path) -> None:
    events = hearing.hear(replace(read_scenario(path).settings, delay=0.7))
    with EventLog(tmp_path / "log") as log:
        for event in events:
            log.emit(event)
    logged = list(read_log(tmp_path / "log"))
    assert in_milliseconds(logged) == in_milliseconds(events)
    times = [event.at for event in logged]
    assert times == sorted(times)


def in_milliseconds(events: Sequence[Event]) -> list[Event]:
    """Events as precise as a log is."""
    return [rounded(event) for event in events]


def rounded(event: Event) -> Event:
    exact = {name: getattr(event, name) for name in event.__struct_fields__}
    floats = {name: round(value, 3) for name, value in exact.items() if isinstance(value, float)}
    return replace(event, **floats)


@given(calls(), st.sampled_from([0.0, *DELAYS]))
@BOUNDED
def test_time_and_screen_of_any_call(tmp_path: Path, call: list[Spoken], delay: float) -> None:
    given = advice(write_vtt(tmp_path / "call.vtt", call), delay)
    assert [event.at for event in given] == sorted(event.at for event in given)
    told = cues([event for event in given if isinstance(event, Cue)])
    assert len(told) == len(set(told)), "nothing comes twice"
    always = {"hold_silence", "silence_broken"}
    due: dict[str, float] = {}
    for cue in given:
        if isinstance(cue, Cue):
            assert cue.due <= cue.at
            assert cue.anchor <= cue.due
            assert cue.name in always or cue.due - due.get(cue.name, -20.0) >= 20.0
            due[cue.name] = cue.due


def test_the_scenarios_are_of_calls_that_say_something() -> None:
    said: list[Scenario] = [read_scenario(path) for path in [*FIXTURES, *SCENARIOS]]
    told = {cue.name for scenario in said for cue in scenario.cues}
    assert told == set(CueName)
    assert Settings().delay != 0.0
