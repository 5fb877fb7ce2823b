"""Where lines begin and end: nothing of the speech is lost or heard twice, nothing piles up."""

import tracemalloc
from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.dialogue.floor import Floor
from copilot.events import Line, Noise, Speaker, Speaking
from copilot.frames import FRAME, RATE, Block
from copilot.speech.endpoint import HANGOVER, LONGEST, Endpoint, Onset, Pause, Unit
from copilot.speech.listener import Listener
from copilot.speech.order import AfterDelay
from tests.sounds import talk
from tests.test_properties import Length

Runs = list[tuple[bool, int]]  # voiced or not, and for how many frames
runs = st.lists(st.tuples(st.booleans(), st.integers(1, 1500)), min_size=1, max_size=12)


def told(frames: Runs, loudness: Sequence[float] = (-20.0, -35.0, -28.0)) -> list[Onset | Unit]:
    endpoint, number = Endpoint(), 0
    found: list[Onset | Unit] = []
    for voiced, count in frames:
        for _ in range(count):
            level = loudness[number % len(loudness)] if voiced else -70.0
            heard = endpoint.hear(number, voiced, level)
            found.extend(one for one in heard if not isinstance(one, Pause))
            number += 1
    return [*found, *endpoint.finish(number)]


@given(runs)
@settings(max_examples=80, deadline=None)
def test_units_tile_their_stretch(frames: Runs) -> None:
    found = told(frames)
    open_since: int | None = None
    for one in found:
        if isinstance(one, Onset):
            assert open_since is None
            open_since = one.since
        else:
            assert one.start == open_since, "begins where the piece before it ended"
            assert one.start < one.end <= one.at
            assert one.end - one.start <= (LONGEST + HANGOVER) * FRAME
            open_since = None if one.last else one.end
    assert open_since is None


@given(runs)
@settings(max_examples=80, deadline=None)
def test_no_long_speech_is_lost(frames: Runs) -> None:
    units = [one for one in told(frames) if isinstance(one, Unit)]
    start = 0
    for voiced, group in groupby(frames, key=lambda run: run[0]):
        end = start + sum(count for _, count in group)
        if voiced and end - start >= 5:
            inside = [one for one in units if one.start < end * FRAME and one.end > start * FRAME]
            assert inside[0].start <= start * FRAME
            assert inside[-1].end >= end * FRAME
            assert all(one.end == other.start for one, other in pairwise(inside))
        start = end


def test_a_cut_lies_in_the_quietest_place() -> None:
    endpoint = Endpoint()
    dip = range(400, 406)
    found = [
        one
        for frame in range(700)
        for one in endpoint.hear(frame, voiced=True, loudness=-60.0 if frame in dip else -20.0)
    ]
    (cut,) = (one for one in found if isinstance(one, Unit))
    assert cut.end // FRAME in dip


def grown(minutes: int) -> int:
    """Bytes that listening holds after some minutes of talk, tones as loud as voices."""
    listener = Listener(Length(), AfterDelay(0.3))
    sound = (talk(20.0, RATE, seed=3) * 32767).astype(np.int16)
    tracemalloc.start()
    for turn in range(3 * minutes):
        for _ in listener.hear(Block(turn * len(sound), sound)):
            pass
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def test_listening_holds_no_more_after_a_longer_call() -> None:
    assert grown(6) < 1.2 * grown(2)


def test_the_floor_forgets() -> None:
    floor = Floor()
    tracemalloc.start()
    converse(floor, range(1000))
    early, _ = tracemalloc.get_traced_memory()
    converse(floor, range(1000, 5000))
    late, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert late < early + 10_000
    assert len(floor.stretches(Speaker.REP, 0.0)) < 100


def converse(floor: Floor, turns: range) -> None:
    for turn in turns:
        start, speaker = 2.0 * turn, list(Speaker)[turn % 2]
        end, known = start + 1.0, start + 1.2
        floor.hear_speech(Speaking(start, speaker, on=True, since=start))
        floor.hear_speech(Speaking(end, speaker, on=False, since=end))
        if turn % 3:
            floor.hear_line(Line(known, speaker, start, end, "x", 1.0), None)
        else:
            floor.hear_line(Noise(known, speaker, start, end), None)
