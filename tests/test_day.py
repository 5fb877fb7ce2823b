"""A day of calls, a slow machine, loudspeakers: from sound to what is heard. The words are fake."""

from collections.abc import Iterator
from concurrent.futures import Future
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.day import SILENCE, Day, Ending
from copilot.events import Health, Heard, Line, Lost, Notice, Skipped, Speaker, Speaking, Trouble
from copilot.frames import RATE, Block, Samples, seconds
from copilot.sources.recording import Recording
from copilot.speech.backlog import MOST, MOST_OF_ALL, AsRecognised
from copilot.speech.crosstalk import Crosstalk
from copilot.speech.ear import Utterance
from copilot.speech.endpoint import HANGOVER, PAUSE, Unit
from copilot.speech.language import LanguageWatch
from copilot.speech.listener import Listener, Piece
from copilot.speech.order import Awaited
from copilot.speech.words import Words

FIXTURES = Path(__file__).parents[1] / "audio_fixtures"
CHUNK = 320


class Typist:
    """Recognises at once: the words are the number of samples."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[NDArray[np.int16]] = []
        self._fails = fails

    def submit(self, samples: NDArray[np.int16]) -> "Future[Words | None]":
        self.asked.append(samples)
        answer: Future[Words | None] = Future()
        if self._fails:
            answer.set_exception(RuntimeError("out of memory"))
        else:
            answer.set_result(Words(str(len(samples)), 1.0))
        return answer


def sound_of(name: str) -> Samples:
    with Recording(FIXTURES / f"{name}.flac") as recording:
        return np.concatenate([one.samples for one in recording.blocks() if isinstance(one, Block)])


def blocks(*sounds: Samples) -> Iterator[Piece]:
    start = 0
    for sound in sounds:
        for place in range(0, len(sound), CHUNK):
            piece = sound[place : place + CHUNK]
            yield Block(start, piece)
            start += len(piece)


def silence(length: float) -> Samples:
    return np.zeros((round(length * RATE), 2), np.int16)


def lived(pieces: Iterator[Piece]) -> list[tuple[list[Heard], str]]:
    """Every call of a day: what was heard, and why it ended."""
    day, calls = Day(pieces), []
    while not day.over:
        for told in day.wait():
            assert isinstance(told, Health | Notice)
        if not day.over:
            ending = Ending()
            listener = Listener(Typist(), AsRecognised(), day.crosstalk)
            heard = list(day.call(listener, ending))
            calls.append((heard, ending.reason))
    return calls


def lines(heard: list[Heard]) -> list[tuple[Speaker, float, float]]:
    return [(one.speaker, one.start, one.end) for one in heard if isinstance(one, Line)]


def alone(sound: Samples) -> list[Heard]:
    listener = Listener(Typist(), AsRecognised())
    return [*chain.from_iterable(map(listener.hear, blocks(sound))), *listener.finish()]


def test_two_calls_in_a_day() -> None:
    call = sound_of("nl_silence_kept")
    calls = lived(blocks(silence(40), call, silence(70), call[: 20 * RATE], silence(1)))
    assert [why for _, why in calls] == [f"{SILENCE:.0f} s of silence", "stopped by the user"]
    first, second = (lines(heard) for heard, _ in calls)
    # the first words are in it, 1 s after the beginning, though only the answer made it a call
    expected = [(who, start, end) for who, start, end in lines(alone(call))]
    shift = first[0][1] - expected[0][1]
    assert first[0][1] == pytest.approx(1.0, abs=0.05)
    assert [(who, round(start - shift, 2), round(end - shift, 2)) for who, start, end in first] == [
        (who, round(start, 2), round(end, 2)) for who, start, end in expected
    ]
    assert second[0][1] == pytest.approx(1.0, abs=0.05)
    for heard, _ in calls:
        times = [one.at for one in heard]
        assert times == sorted(times)


def test_one_who_talks_alone_is_no_call() -> None:
    colleague = sound_of("nl_silence_kept")
    colleague[:, 1] = 0
    assert lived(blocks(colleague, silence(5))) == []


def test_a_call_ends_when_the_machine_sleeps() -> None:
    call = sound_of("nl_silence_kept")
    one, other = call[: 10 * RATE], call[: 12 * RATE]
    night = 8 * 3600

    def pieces() -> Iterator[Piece]:
        yield from blocks(one)
        yield Lost(10.0, night)
        for block in blocks(other):
            assert isinstance(block, Block)
            yield Block(block.start + len(one) + night * RATE, block.samples)

    calls = lived(pieces())
    assert [why for _, why in calls] == [f"{night} s without sound", "stopped by the user"]
    assert lines(calls[1][0]), "the next call is heard"


def test_a_new_call_when_the_user_wants_one() -> None:
    day = Day(blocks(sound_of("nl_silence_kept"), sound_of("nl_quiet")))
    assert [one for one in day.wait() if isinstance(one, Notice)] == []
    ending = Ending()
    heard = []
    for one in day.call(Listener(Typist(), AsRecognised()), ending):
        heard.append(one)
        if one.at > 15:
            day.hang_up()
    assert ending.reason == "a new call was asked for"
    assert not day.over
    assert heard[-1].at < 16


def test_a_line_is_recognised_in_the_pause_behind_it_and_once_only() -> None:
    typist = Typist()
    listener = Listener(typist, AsRecognised())
    sound = sound_of("nl_silence_kept")
    known: dict[int, int] = {}  # samples heard by the time so many lines had been asked for
    heard: list[Heard] = []
    for block in blocks(sound):
        assert isinstance(block, Block)
        heard.extend(listener.hear(block))
        known.setdefault(len(typist.asked), block.start + len(block.samples))
    heard.extend(listener.finish())
    told = [one for one in heard if isinstance(one, Line)]
    assert len(typist.asked) >= len(told)
    assert len({one.tobytes() for one in typist.asked}) == len(typist.asked), "nothing twice"
    early = 0
    for line in told:
        asked = next(n for n, one in enumerate(typist.asked, 1) if str(len(one)) == line.text)
        waited = known[asked] / RATE - line.end
        assert waited <= seconds(HANGOVER * CHUNK) + 0.021
        early += waited <= seconds(PAUSE * CHUNK) + 0.021
    assert early >= len(told) - 1


def test_a_line_on_which_the_model_fails_is_skipped() -> None:
    listener = Listener(Typist(fails=True), AsRecognised())
    heard = list(chain.from_iterable(map(listener.hear, blocks(sound_of("nl_silence_kept")))))
    assert any(isinstance(one, Skipped) for one in heard)
    assert any(isinstance(one, Speaking) for one in heard)


def waiting(*speakers: Speaker) -> tuple[AsRecognised, list["Future[Words | None]"]]:
    """An order in which a line of each speaker waits, one after the other."""
    order, futures = AsRecognised(), []
    for number, speaker in enumerate(speakers):
        at = (number + 1) * RATE
        unit = Unit(at, at - RATE // 2, at - RATE // 5, last=True)
        futures.append(Future[Words | None]())
        utterance = Utterance(speaker, unit, np.zeros(10, np.int16))
        order.wait_for(Awaited(utterance, futures[-1], LanguageWatch()))
    return order, futures


def test_a_machine_that_is_too_slow_gives_up_what_matters_least() -> None:
    rep, customer = Speaker.REP, Speaker.CUSTOMER
    talk = [rep, customer, customer, rep, rep, rep, customer]  # more than may wait
    order, futures = waiting(*talk)
    given_up = [place for place, one in enumerate(futures) if one.cancelled()]
    # not the ends of the rep's turns (0, 5), nor the beginnings of the customer's (1, 6)
    assert given_up == [2, 3][: len(talk) - MOST]
    told = list(order.told(20 * RATE))
    assert [one for one in told if isinstance(one, Notice)] == [Notice(6.0, Trouble.SLOW, on=True)]
    assert order.behind(20 * RATE) > 10
    for future in futures:
        if not future.cancelled():
            future.set_result(Words("ja", 1.0))
    rest = list(order.told(21 * RATE))
    assert len(rest) == len(talk)
    assert [place for place, one in enumerate(rest) if isinstance(one, Skipped)] == given_up


def test_nothing_grows_on_a_machine_that_never_answers() -> None:
    order, futures = waiting(*[Speaker.REP, Speaker.CUSTOMER] * 40)
    left = [one for one in futures if not one.cancelled()]
    assert len(left) <= MOST_OF_ALL + 1
    assert not order.eager


def echoed(sound: Samples, loud: float) -> Samples:
    """What a microphone hears that stands before a loudspeaker, in a small room."""
    generator = np.random.default_rng(0)
    length = round(0.3 * RATE)
    tail = generator.normal(0, 1, length) * np.exp(-6.9 * np.arange(length) / length)
    room = np.concatenate([np.zeros(round(0.04 * RATE)), [1.0], 0.05 * tail])
    echo = loud * np.convolve(sound[:, 1].astype(float), room)[: len(sound)]
    both = np.stack([sound[:, 0] + echo, sound[:, 1]], axis=1)
    return np.asarray(np.clip(both, -32768, 32767), np.int16)


@pytest.mark.parametrize("name", ["nl_quiet", "nl_final_no", "en_no_pushed"])
def test_a_loudspeaker_is_not_the_rep(name: str) -> None:
    sound = sound_of(name)
    clean, heard = alone(sound), alone(echoed(sound, 0.7))
    notices = [one for one in heard if isinstance(one, Notice)]
    assert [(one.trouble, one.on) for one in notices] == [(Trouble.CROSSTALK, True)]
    own = [one for one in lines(clean) if one[0] is Speaker.REP]
    wrong = [
        (start, end)
        for who, start, end in lines(heard)
        if who is Speaker.REP
        and start > notices[0].at
        and not any(start < there[2] and end > there[1] for there in own)
    ]
    without = [one for one in lines(clean) if one[0] is Speaker.CUSTOMER]
    assert len(wrong) <= 0.1 * len(without) + 1
    found = sum(
        any(start < one[2] and end > one[1] for who, start, end in lines(heard) if who is one[0])
        for one in own
    )
    assert found == len(own), "the rep is heard as before"


def test_two_who_talk_are_no_echo() -> None:
    for name in ("nl_silence_kept", "nl_quiet", "en_no_pushed"):
        crosstalk = Crosstalk()
        for block in blocks(sound_of(name)):
            if isinstance(block, Block) and len(block.samples) == CHUNK:
                rep, customer = (np.ascontiguousarray(one) for one in block.samples.T)
                clean, echo = crosstalk.hear(rep, customer)
                assert not echo
                assert clean is rep, "a headset's sound is left as it is"
