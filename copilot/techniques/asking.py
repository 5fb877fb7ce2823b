"""Ask for the right thing at the right moment: not too early, not too much, not again and again."""

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from copilot.dialogue.floor import Floor
from copilot.dialogue.rung import is_courtesy
from copilot.dialogue.thresholds import Thresholds
from copilot.events import (
    QUESTIONS,
    Act,
    ActKind,
    CueName,
    Due,
    Said,
    Speaker,
    Step,
    Verdict,
)

SIZES = (Step.CALL, Step.VISIT, Step.TRIAL, Step.ORDER)  # of commitment, the smallest first
DECIDED = (ActKind.NO, ActKind.FINAL_NO, ActKind.PRO, ActKind.YES)  # more than a hesitation


class Doubt(Struct, frozen=True):
    """The customer's latest hesitation."""

    end: float  # s
    turn: int
    turns_since: frozenset[int] = frozenset()  # of the customer


class Asking:
    """ask_too_early, ask_too_big and nagging."""

    CUES: ClassVar = (CueName.ASK_TOO_EARLY, CueName.ASK_TOO_BIG, CueName.NAGGING)

    def __init__(self, thresholds: Thresholds, _floor: Floor, _prepared: int) -> None:
        self._t = thresholds
        self._asked: Said | None = None  # the rep's latest question, not yet answered
        self._answered: tuple[Said, int] | None = None  # the one before, and the turn that did
        self._agreed = False  # the customer has said yes to the matter, or what they like
        self._doubt: Doubt | None = None
        self._closings = 0  # without an answer, since the last yes
        self._closing_end = -1.0  # s, end of the latest closing question
        self._step: Step | None = None  # that it asked for
        self._doubted_it = False  # a hesitation came after it

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a line of either side."""
        if not said.substantial:
            return
        if said.speaker is Speaker.CUSTOMER:
            self._customer(said)
            return
        closing = said.surely(ActKind.CLOSING_QUESTION)
        if closing is not None:
            yield from self._close(said, closing)
        if said.act(*QUESTIONS) or said.prepared is not None:
            self._asked = said

    def notice(self, due: Due) -> None:
        """Nothing that others find matters here."""

    def consider(self) -> Iterator[Verdict]:
        """Nothing here comes with time alone."""
        return iter(())

    def _close(self, said: Said, closing: Act) -> Iterator[Verdict]:
        """The rep asks for the decision; see whether it was the moment."""
        end = said.line.end
        if not self._agreed:
            yield Due(CueName.ASK_TOO_EARLY, end, end, closing.evidence)
        if closing.step is Step.ORDER and self._in_doubt(said.line.start):
            yield Due(CueName.ASK_TOO_BIG, end, end, closing.evidence)
        again = said.line.start - self._closing_end <= self._t.same_question
        smaller = self._doubted_it and _smaller(closing.step, self._step)
        if not (again and self._closings) and not smaller:
            self._closings += 1
            if self._closings >= self._t.nagging:
                yield Due(CueName.NAGGING, end, end, closing.evidence)
        self._step = closing.step or (self._step if again else None)
        self._closing_end, self._doubted_it = end, False

    def _in_doubt(self, moment: float) -> bool:
        doubt = self._doubt
        return (
            doubt is not None
            and 0.0 <= moment - doubt.end <= self._t.too_big
            and len(doubt.turns_since) <= self._t.too_big_turns
        )

    def _customer(self, said: Said) -> None:
        asked, yes = self._asked, said.act(ActKind.YES) is not None
        if asked is None and self._answered is not None and self._answered[1] == said.turn:
            asked = self._answered[0]  # an answer of several lines
        courtesy = asked is not None and is_courtesy(asked)
        if asked is not None and (yes or not said.asks):
            self._asked, self._answered = None, (asked, said.turn)
        self._agreed |= (said.perhaps(ActKind.YES) and not courtesy) or said.perhaps(ActKind.PRO)
        answered = asked is not None and asked.act(ActKind.CLOSING_QUESTION) is not None
        if yes or (answered and said.act(*DECIDED)):
            self._closings = 0
        self._hesitate(said)

    def _hesitate(self, said: Said) -> None:
        hesitation, doubt = said.surely(ActKind.HESITATION), self._doubt
        if hesitation is not None:
            self._doubt, self._doubted_it = Doubt(said.line.end, said.turn), True
        elif doubt is not None and said.turn != doubt.turn:
            self._doubt = Doubt(doubt.end, doubt.turn, doubt.turns_since | {said.turn})


def _smaller(step: Step | None, before: Step | None) -> bool:
    """Whether a step asks for less than the one before; one that is not named counts as large."""
    if step is None or step is Step.LESS:
        return step is Step.LESS
    largest = len(SIZES) - 1
    sizes = {one: size for size, one in enumerate(SIZES)}
    return sizes[step] < sizes.get(before or Step.ORDER, largest)
