"""Closing, then silence: after a closing question the customer must be able to think.

    asked ──0.6 s of silence──▶ held ──10 s──▶ overdue
      │                          │                │
      ├ argument, other talk     ├ customer answers: over
      │                          ├ rep speaks: broken
      └ customer answers: over   └ (overdue) rep speaks: over, no warning

What comes after the question is judged in the order in which it was spoken; so is what the customer
says over its last words, which answers it as well. A stretch that is not yet understood is waited
for, except the rep's speech into a hold: that alone breaks the silence.
"""

from collections import deque
from collections.abc import Iterator
from enum import Enum, auto
from math import inf
from typing import ClassVar

from msgspec import Struct, structs

from copilot.dialogue.floor import Floor, Stretch
from copilot.dialogue.thresholds import Thresholds
from copilot.events import ActKind, CueName, Due, Over, Said, Speaker, Verdict


class Phase(Enum):
    """How far the silence after the question has come."""

    ASKED = auto()
    HELD = auto()
    OVERDUE = auto()


class Question(Struct, frozen=True):
    """A closing question that waits for its answer."""

    start: float  # of the line
    end: float  # of its last word
    because: str
    sure: bool  # enough to warn of a broken silence
    judged: float  # all that the customer said until this moment has been judged
    judged_rep: float  # the same of what the rep said
    hold_due: float  # when silence counts as held
    overdue_due: float
    phase: Phase = Phase.ASKED
    murmured: float = -1.0  # end of the customer's last filler or backchannel


DIGITS = 6  # of a second: 6.01 and 0.6 are 6.61, at which the customer may begin
ADDITION = 4  # words of a line that can belong to the question before it
OTHER_QUESTION = (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION, ActKind.CHOICE_QUESTION)


class Closing:
    """hold_silence, silence_broken and answer_overdue."""

    CUES: ClassVar = (CueName.SILENCE_BROKEN, CueName.HOLD_SILENCE, CueName.ANSWER_OVERDUE)

    def __init__(self, thresholds: Thresholds, floor: Floor, _prepared: int) -> None:
        self._t, self._floor = thresholds, floor
        self._question: Question | None = None
        self._waiting: deque[Said] = deque()  # lines with a closing question, not yet taken up
        self._taken = -1.0  # end of the last closing question that was taken up

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a closing question; whatever else is said is judged from the floor."""
        if said.speaker is Speaker.CUSTOMER and said.substantial:
            yield Over(CueName.SILENCE_BROKEN, "answered")
        elif said.speaker is Speaker.REP and said.act(ActKind.CLOSING_QUESTION):
            self._waiting.append(said)
        yield from self.consider()

    def notice(self, due: Due) -> None:
        """Nothing that others find matters here."""

    def consider(self) -> Iterator[Verdict]:
        """Judge what has happened since the question, in the order in which it happened."""
        while (verdicts := self._step()) is not None:
            yield from verdicts

    def _step(self) -> list[Verdict] | None:
        """Take up the next closing question, once all before it has been judged."""
        question, said = self._question, self._waiting[0] if self._waiting else None
        if said and (question is None or said.line.end <= question.judged_rep):
            self._waiting.popleft()
            return self._ask(said) if said.line.end > self._taken else []
        return self._next(question) if question else None

    def _asked(self, start: float, end: float, because: str, *, sure: bool) -> Question:
        """A question, or what belongs to one, from now on waits for its answer."""
        after = (self._t.hold_due, self._t.answer_overdue)
        hold_due, overdue_due = (round(end + one, DIGITS) for one in after)
        over_it = end - self._t.same_question
        return Question(start, end, because, sure, over_it, end, hold_due, overdue_due)

    def _ask(self, said: Said) -> list[Verdict]:
        """Take up a line with a closing question, and what it adds to that."""
        closing = said.act(ActKind.CLOSING_QUESTION)
        because = closing.evidence if closing else said.line.text
        start, self._taken = said.line.start, said.line.end
        sure = said.surely(ActKind.CLOSING_QUESTION) is not None
        if _argued_after(said, because):
            return self._spoils(said, sure=sure)
        self._question = self._asked(start, said.line.end, because, sure=sure)
        return []

    def _next(self, question: Question) -> list[Verdict] | None:
        """Judge the first thing not yet judged; None when it is too early to tell."""
        rep = self._first(Speaker.REP, question)
        customer = self._first(Speaker.CUSTOMER, question)
        clock = self._clock(question)
        if customer and customer.start <= clock and (not rep or customer.start <= rep.start):
            return self._customer(question, customer)
        if rep and rep.start <= clock:
            return self._rep(question, rep)
        return self._time(question, clock)

    @staticmethod
    def _clock(question: Question) -> float:
        match question.phase:
            case Phase.ASKED:
                return question.hold_due
            case Phase.HELD:
                return question.overdue_due
            case Phase.OVERDUE:
                return inf

    def _first(self, speaker: Speaker, question: Question) -> Stretch | None:
        if speaker is Speaker.CUSTOMER:
            recent = self._floor.stretches(speaker, question.judged)
            return next((one for one in recent if _answers(question, one)), None)
        since = question.judged_rep  # the question's own stretch is not what follows it
        after = self._floor.stretches(speaker, since)
        return next((stretch for stretch in after if stretch.start >= since), None)

    def _customer(self, question: Question, heard: Stretch) -> list[Verdict] | None:
        if not heard.understood or heard.end is None:
            return None
        if heard.said is not None and heard.said.substantial:
            return self._close("answered")
        self._question = structs.replace(
            question,
            judged=heard.end,
            hold_due=max(question.hold_due, heard.end),
            overdue_due=max(question.overdue_due, heard.end),
            murmured=heard.end if heard.said is not None else question.murmured,
        )
        return []

    def _rep(self, question: Question, heard: Stretch) -> list[Verdict] | None:
        if heard.end is not None and heard.end - heard.start < self._t.slight_sound:
            return self._pass_over(question, heard.end)
        match question.phase:
            case Phase.OVERDUE:
                return self._close("time to speak")
            case Phase.ASKED:
                return self._goes_on(question, heard)
            case Phase.HELD:
                return self._breaks(question, heard)

    def _goes_on(self, question: Question, heard: Stretch) -> list[Verdict] | None:
        """The rep spoke again before the silence counted."""
        if not heard.understood or heard.end is None:
            return None
        said = heard.said
        if said is None or not said.substantial:
            return self._pass_over(question, heard.end)
        if said.act(ActKind.CLOSING_QUESTION):
            return self._ask(said)
        if said.act(ActKind.ARGUMENT, ActKind.QUID_PRO_QUO):
            return self._spoils(said, sure=question.sure)
        if said.act(*OTHER_QUESTION):
            return self._close("asked")  # the customer has been asked something else
        because, sure = question.because, question.sure
        self._question = self._asked(heard.start, heard.end, because, sure=sure)
        return []

    def _spoils(self, said: Said, *, sure: bool) -> list[Verdict]:
        """An argument on the heels of the question."""
        end = said.line.end
        broken = [Due(CueName.SILENCE_BROKEN, end, end, said.line.text)] if sure else []
        return [*self._close("broken"), *broken]

    def _breaks(self, question: Question, heard: Stretch) -> list[Verdict] | None:
        """The rep spoke into the silence: a warning, unless it belongs to the question."""
        soon = heard.start - question.end <= self._t.same_question
        if soon or self._may_be_nod(question, heard):
            if not heard.understood or heard.end is None:
                return None
            if heard.said is None or not heard.said.substantial:
                return self._pass_over(question, heard.end)
            if soon and heard.said.act(ActKind.CLOSING_QUESTION):
                return self._ask(heard.said)
            if soon and _belongs(heard.said):
                because, sure = question.because, question.sure
                self._question = self._asked(heard.start, heard.end, because, sure=sure)
                return []
        if not question.sure:
            return self._close("broken")
        due = heard.start + self._t.broken_due
        if self._floor.now < due:
            return None
        warning = Due(CueName.SILENCE_BROKEN, due, heard.start, question.because)
        return [*self._close("broken"), warning]

    def _may_be_nod(self, question: Question, heard: Stretch) -> bool:
        """Whether this can still prove to be a sign of listening after the customer's filler."""
        since_murmur = heard.start - question.murmured
        fits = heard.lasted(self._floor.now) <= self._t.backchannel
        return fits and -self._t.backchannel <= since_murmur <= self._t.same_question

    def _time(self, question: Question, clock: float) -> list[Verdict] | None:
        """Nobody spoke until the clock ran out."""
        if self._floor.now < clock:
            return None
        if question.phase is Phase.ASKED:
            self._question = structs.replace(question, phase=Phase.HELD)
            hold = Due(CueName.HOLD_SILENCE, clock, question.end, question.because)
            return [Over(CueName.SILENCE_BROKEN, "asked"), hold]
        self._question = structs.replace(question, phase=Phase.OVERDUE)
        held = Over(CueName.HOLD_SILENCE, "overdue")
        return [Due(CueName.ANSWER_OVERDUE, clock, question.end, question.because, over=held)]

    def _pass_over(self, question: Question, end: float) -> list[Verdict]:
        """What was heard until `end` was of no weight; the silence counts from there at least."""
        hold_due = max(question.hold_due, end)
        self._question = structs.replace(question, judged_rep=end, hold_due=hold_due)
        return []

    def _close(self, why: str) -> list[Verdict]:
        """The question waits no longer; take back what may be on the screen for it."""
        self._question = None
        return [Over(CueName.HOLD_SILENCE, why), Over(CueName.ANSWER_OVERDUE, why)]


def _answers(question: Question, heard: Stretch) -> bool:
    """Whether speech can be an answer: it goes on after the question, or began over it."""
    return heard.end is None or heard.end > question.end or heard.start > question.start


def _argued_after(said: Said, question: str) -> bool:
    """Whether the line goes on with an argument behind its closing question."""
    argument = said.act(ActKind.ARGUMENT)
    return argument is not None and said.line.text.find(argument.evidence) > said.line.text.find(
        question
    )


def _belongs(said: Said) -> bool:
    """Whether a line can be part of the question before it: a name, or "please"."""
    return not said.acts and len(said.line.text.split()) <= ADDITION
