"""Language identification: a call that is heard in the wrong language."""

from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np

from copilot.events import Heard, Line, Notice, Speaker, Trouble
from copilot.frames import RATE
from copilot.speech.ear import Utterance
from copilot.speech.endpoint import Unit
from copilot.speech.language import LINES, LanguageWatch, foreign
from copilot.speech.order import Awaited
from copilot.speech.words import Look, Words

CERTAIN = foreign({"en": 1.0, "nl": 0.0}, "nl", ["en"])


def seen(odds: float) -> Look:
    """A look that was quick."""
    return lambda: done(odds)


def done(odds: float) -> "Future[float]":
    future = Future[float]()
    future.set_result(odds)
    return future


def told(looks: Sequence[Look | None]) -> list[Notice]:
    """What is told of a call whose lines can be looked at so, one a second."""
    watch = LanguageWatch()
    return [one for at, look in enumerate(looks) for one in watch.hear(float(at), look)]


def test_no_single_line_makes_a_call_foreign() -> None:
    # the fourth settles it, and is heard with the line behind it, though that has no words to see
    assert told([seen(CERTAIN)] * 4 + [None] * 4) == [Notice(4.0, Trouble.LANGUAGE, on=True)]


def test_lines_in_the_own_language_outweigh_a_foreign_one() -> None:
    odds = [foreign({"en": chance, "nl": 0.5}, "nl", ["en"]) for chance in (0.01, 0.99, 0.02) * 9]
    assert not told([seen(one) for one in odds])


def test_only_the_first_lines_are_looked_at() -> None:
    assert not told([seen(-CERTAIN)] * LINES + [seen(CERTAIN)] * 2 * LINES)
    assert told([None] * LINES + [seen(CERTAIN)] * 5), "a line too short to see uses up no look"


def test_a_look_on_which_the_model_fails_is_not_seen() -> None:
    failed = Future[float]()
    failed.set_exception(RuntimeError("out of memory"))
    found = told([seen(CERTAIN), lambda: failed, *[seen(CERTAIN)] * 3, None])
    assert found == [Notice(5.0, Trouble.LANGUAGE, on=True)]


def test_a_line_is_told_before_its_language_is_looked_at() -> None:
    begun: list[Future[float]] = []

    def look() -> "Future[float]":
        begun.append(done(CERTAIN))
        return begun[-1]

    words = Future[Words | None]()
    words.set_result(Words("ja", 1.0, look))
    unit = Unit(RATE, 0, RATE // 2, last=True)
    utterance = Utterance(Speaker.REP, unit, np.zeros(RATE, np.int16))
    telling = Awaited(utterance, words, LanguageWatch()).told(1.0)
    first: Heard = next(telling)
    assert isinstance(first, Line)
    assert not begun
    assert not list(telling)
    assert len(begun) == 1
