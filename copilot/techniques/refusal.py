"""A no is where selling starts: ask why, then answer that; push on nobody, respect a final no."""

from collections.abc import Iterator
from typing import ClassVar

from copilot.dialogue.floor import Floor
from copilot.dialogue.thresholds import Thresholds
from copilot.events import Act, ActKind, CueName, Due, Over, Reason, Said, Speaker, Verdict

PUSHES = (ActKind.ARGUMENT, ActKind.QUID_PRO_QUO, ActKind.CLOSING_QUESTION)
SECOND = 2  # the push after one no, and the no, from which pushing is warned of
MISMATCH = (Reason.BUDGET, Reason.NO_NEED)


class Refusal:
    """ask_why, pushing_after_no, respect_no and poor_fit.

    A push is judged when the rep has given up the floor, since a question in the same turn
    excuses it; it is dated at the turn's first pushing line.
    """

    CUES: ClassVar = (
        CueName.RESPECT_NO,
        CueName.PUSHING_AFTER_NO,
        CueName.ASK_WHY,
        CueName.POOR_FIT,
    )

    def __init__(self, thresholds: Thresholds, floor: Floor, _prepared: int) -> None:
        self._t, self._floor = thresholds, floor
        self._noes = 0  # customer turns with a no in the call
        self._standing = 0  # those beyond doubt, since the customer's last yes or pro
        self._no_turn = self._stood_turn = 0  # the last turns that were counted
        self._no_start = 0.0  # s, of the latest no
        self._why_turn = -1  # the rep's turn that asked why
        self._why_start = 0.0  # s
        self._why_sure = False  # and surely did
        self._excused = False  # asked an open question since the last no
        self._pushes = 0  # since the last no
        self._final = False  # respect_no was due
        self._poor_fit = False
        self._push: Act | None = None  # of a rep's turn not yet judged
        self._push_end = 0.0  # end of the last line of that turn
        self._pushed_turn = -1  # the last turn that had its push, or its excuse

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a line of either side."""
        if not said.substantial:
            return
        if said.speaker is Speaker.CUSTOMER:
            yield from self._judge_push()
            yield from self._customer(said)
        elif said.perhaps(ActKind.OPEN_QUESTION):
            yield from self._opens(said)
        else:
            self._tells(said)

    def notice(self, due: Due) -> None:
        """Nothing that others find matters here."""

    def consider(self) -> Iterator[Verdict]:
        """Judge a push once the rep has left the floor for long enough."""
        if self._push is None:
            return
        given_up = self._push_end + self._t.floor_given
        goes_on = any(
            stretch.start < given_up and not stretch.slight
            for stretch in self._floor.stretches(Speaker.REP, self._push_end)
        )
        if self._floor.now >= given_up and not goes_on:
            yield from self._judge_push()

    def _opens(self, said: Said) -> Iterator[Verdict]:
        self._excused, self._push, self._pushed_turn = True, None, said.turn
        if said.act(ActKind.WHY_QUESTION):
            self._why_turn, self._why_start = said.turn, said.line.start
            self._why_sure = said.surely(ActKind.WHY_QUESTION) is not None
        yield Over(CueName.ASK_WHY, "asked")
        yield Over(CueName.PUSHING_AFTER_NO, "asked")

    def _tells(self, said: Said) -> None:
        self._push_end = said.line.end
        pushing = said.surely(*PUSHES)
        after = pushing is not None and pushing.start >= self._no_start
        if pushing is not None and after and said.turn != self._pushed_turn:
            self._push, self._pushed_turn = pushing, said.turn

    def _judge_push(self) -> Iterator[Verdict]:
        push, self._push = self._push, None
        if push is None or self._excused or not (self._standing or self._final or self._poor_fit):
            return
        self._pushes += 1
        if self._final or self._poor_fit or self._standing >= SECOND or self._pushes >= SECOND:
            yield Due(CueName.PUSHING_AFTER_NO, push.end, push.end, push.evidence)

    def _customer(self, said: Said) -> Iterator[Verdict]:
        no = said.surely(ActKind.FINAL_NO) or said.act(ActKind.NO)
        if no is None:
            if said.act(ActKind.YES, ActKind.PRO):
                self._standing, self._pushes, self._poor_fit = 0, 0, False
        elif no.kind is not ActKind.NO or said.turn != self._why_turn + 1:
            yield from self._refused(no, said)
        elif said.line.start >= self._why_start:
            yield from self._explained(no, said)
        else:
            yield from self._asked_over(no, said)

    def _asked_over(self, no: Act, said: Said) -> Iterator[Verdict]:
        """The rep asked why before the refusal had ended."""
        yield from self._refused(no, said)
        self._excused = True
        yield Over(CueName.ASK_WHY, "asked")

    def _explained(self, no: Act, said: Said) -> Iterator[Verdict]:
        """The rep asked why, and this is the reason: no new refusal."""
        if no.reason in MISMATCH and self._why_sure and said.surely(ActKind.NO):
            self._poor_fit, self._excused = True, False
            yield Due(CueName.POOR_FIT, no.end, no.end, no.evidence)

    def _refused(self, no: Act, said: Said) -> Iterator[Verdict]:
        if said.turn != self._no_turn:
            self._noes, self._no_turn = self._noes + 1, said.turn
        sure = said.surely(ActKind.NO, ActKind.FINAL_NO) is not None
        enough = sure and self._noes >= self._t.noes and not self._final
        if sure:
            self._stands(no, said)
        if enough or no.kind is ActKind.FINAL_NO:
            self._final = True
            yield Over(CueName.ASK_WHY, "final")
            yield Due(CueName.RESPECT_NO, no.end, no.end, no.evidence)
        elif not self._final and said.surely(ActKind.NO):
            yield Due(CueName.ASK_WHY, no.end, no.end, no.evidence)

    def _stands(self, no: Act, said: Said) -> None:
        """A no that is beyond doubt, or one too many: what is pushed now, is pushed after it."""
        self._excused, self._pushes, self._no_start = False, 0, no.start
        if said.turn != self._stood_turn:
            self._standing, self._stood_turn = self._standing + 1, said.turn
