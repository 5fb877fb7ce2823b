"""Foot in the door: small closed questions that get a yes, soon after each other, then the ask."""

from collections.abc import Iterator
from typing import ClassVar

from copilot.dialogue.floor import Floor
from copilot.dialogue.rung import is_courtesy, is_rung
from copilot.dialogue.thresholds import Thresholds
from copilot.events import (
    QUESTIONS,
    Act,
    ActKind,
    CueName,
    Due,
    Over,
    Said,
    Speaker,
    Verdict,
    YesRun,
)

REFUSALS = (ActKind.NO, ActKind.FINAL_NO, ActKind.HESITATION)


class Ladder:
    """open_question_in_ladder, make_the_ask and ladder_pace.

    With a list of prepared questions the ladder begins at the first of them heard and the request
    is due at the yes to the last; without one, two and three yeses in a row do.
    """

    CUES: ClassVar = (
        CueName.OPEN_QUESTION_IN_LADDER,
        CueName.MAKE_THE_ASK,
        CueName.LADDER_PACE,
    )

    def __init__(self, thresholds: Thresholds, floor: Floor, prepared: int) -> None:
        self._t, self._floor, self._prepared = thresholds, floor, prepared
        self._run = 0  # yeses in a row to closed questions
        self._told = 0  # the run as it was told last
        self._doubtful = False  # one of them may be none, or an answer to a closing question
        self._yes: Act | None = None  # of the run, the first that the next question is due after
        self._latest = 0.0  # s, end of the last yes
        self._begun = False  # a prepared question was heard in this run
        self._asked: Said | None = None  # the rep's question that waits for its answer
        self._otherwise = False  # the customer's turn has answered it, so far without a yes
        self._paced = True  # the last yes has had its next question, or its cue

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a line of either side."""
        yield from self._run_out(self._floor.known(said.line.start))
        if not said.substantial:
            return
        if said.speaker is Speaker.REP and self._otherwise:
            self._asked = None
            self._end_run()
        if said.speaker is Speaker.CUSTOMER:
            yield from self._answer(said)
        elif said.prepared is not None or said.act(*QUESTIONS):
            yield from self._question(said)

    def notice(self, due: Due) -> None:
        """Nothing that others find matters here."""

    def consider(self) -> Iterator[Verdict]:
        """See whether the next question, or the next yes, has been too long in coming."""
        yield from self._too_long()
        if self._run != self._told:
            self._told = self._run
            yield YesRun(self._floor.now, self._run)

    def _too_long(self) -> Iterator[Verdict]:
        yes = self._yes
        if yes is None:
            return
        for until in (yes.end + self._t.ladder_pace, self._latest + self._t.ladder_lapse):
            if self._floor.now >= until and self._floor.known(until) >= until:
                yield from self._run_out(until)

    @property
    def _on(self) -> bool:
        return self._begun if self._prepared else self._run >= self._t.ladder_on

    def _run_out(self, moment: float) -> Iterator[Verdict]:
        """The time until a moment has passed without a question or a yes."""
        if self._yes is None:
            return
        due = self._yes.end + self._t.ladder_pace
        if moment >= due and self._on and not self._paced:
            self._paced = True
            yield Due(CueName.LADDER_PACE, due, self._yes.end, self._yes.evidence)
        if moment >= self._latest + self._t.ladder_lapse:
            self._end_run()

    def _question(self, said: Said) -> Iterator[Verdict]:
        self._asked, self._otherwise, self._paced = said, False, True
        yield Over(CueName.LADDER_PACE, "asked")
        if said.act(ActKind.CLOSING_QUESTION):
            self._end_run()
            yield Over(CueName.MAKE_THE_ASK, "asked")
            return
        self._begun = self._begun or said.prepared is not None
        opened = said.surely(ActKind.OPEN_QUESTION)
        if opened is not None and self._on and not self._doubtful:
            end = said.line.end
            yield Due(CueName.OPEN_QUESTION_IN_LADDER, end, end, opened.evidence)

    def _answer(self, said: Said) -> Iterator[Verdict]:
        asked = self._asked
        yes = said.act(ActKind.YES)
        if said.act(*REFUSALS):
            self._asked = None
            self._end_run()
            return
        rung = asked is not None and is_rung(asked)
        if yes is not None and (self._run or rung):
            self._keep(yes)  # one to a statement too: no rung, yet a yes
        if asked is None or (said.asks and yes is None):
            return  # nothing was asked, or the customer asks back first
        if yes is None and rung:
            self._otherwise = True  # unless this turn goes on with a yes
            return
        self._asked = None
        if yes is not None and rung:
            yield from self._climb(yes, asked)
        elif not is_courtesy(asked):
            self._end_run()

    def _climb(self, yes: Act, asked: Said) -> Iterator[Verdict]:
        self._run, self._otherwise = self._run + 1, False
        self._doubtful |= yes.unsure or asked.perhaps(ActKind.CLOSING_QUESTION)
        if self._prepared:
            top = asked.prepared == self._prepared - 1
        else:
            top = self._run == self._t.ladder_top
        if top:
            yield Due(CueName.MAKE_THE_ASK, yes.end, yes.end, yes.evidence)

    def _keep(self, yes: Act) -> None:
        """The run lives on; the next question is due after the first yes since the last one."""
        self._latest = yes.end
        if self._paced:
            self._yes, self._paced = yes, False

    def _end_run(self) -> None:
        self._run, self._yes, self._begun, self._paced = 0, None, False, True
        self._doubtful, self._otherwise = False, False
