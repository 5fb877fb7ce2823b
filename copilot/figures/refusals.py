"""What the rep did after a no: asked why, or pushed."""

from collections.abc import Sequence

from msgspec import Struct

from copilot.dialogue.thresholds import Thresholds
from copilot.events import ActKind, Reason, Speaker
from copilot.figures.talk import Turn

PUSHES = (ActKind.ARGUMENT, ActKind.QUID_PRO_QUO, ActKind.CLOSING_QUESTION)
MISMATCH = (Reason.BUDGET, Reason.NO_NEED)
FINAL = Thresholds().noes


class No(Struct, frozen=True):
    """A customer's turn with a no, but for a final one and the reason that the rep asked for."""

    at: float  # s, start of the line
    words: str
    reason: Reason | None
    explored: bool | None  # the rep's next turn has an open question; None once no is no


class Refusals(Struct, frozen=True):
    """The noes of a call and what followed them."""

    noes: tuple[No, ...] = ()
    pushes: tuple[float, ...] = ()  # s, start of each first pushing line

    @property
    def why_rate(self) -> float | None:
        """Noes after which the rep's next turn asks an open question, over all to be explored."""
        asked = self.to_explore
        return sum(asked) / len(asked) if asked else None

    @property
    def to_explore(self) -> list[bool]:
        """Of each no that was to be explored, whether it was; the third of a call is respected."""
        return [no.explored for no in self.noes if no.explored is not None]


def refusals(turns: Sequence[Turn]) -> Refusals:
    """The noes, and the pushes after them as the contract defines a push.

    A push is a rep's turn with an argument, a quid pro quo or a closing question and without an
    open question, after a no, when no open question was asked since. A yes or a pro clears the
    slate, but not a final no.
    """
    account = _Account()
    for place, turn in enumerate(turns):
        if turn.speaker is Speaker.CUSTOMER:
            before = turns[place - 1] if place else None
            after = turns[place + 1] if place + 1 < len(turns) else None
            account.customer(turn, before, after)
        else:
            account.rep(turn)
    return Refusals(tuple(account.noes), tuple(account.pushes))


class _Account:
    """What stands between the two at this point of the call."""

    def __init__(self) -> None:
        self.noes: list[No] = []
        self.pushes: list[float] = []
        self._standing = self._final = self._mismatch = self._excused = False

    def customer(self, turn: Turn, before: Turn | None, after: Turn | None) -> None:
        explains = before is not None and _has(before, ActKind.WHY_QUESTION)
        counted = False
        for said in turn.lines:
            no = said.act(ActKind.FINAL_NO) or said.act(ActKind.NO)
            if no is None:
                if said.act(ActKind.YES, ActKind.PRO):
                    self._standing = self._mismatch = False
            elif no.kind is ActKind.NO and explains:
                if no.reason in MISMATCH:
                    self._mismatch, self._excused = True, False
            else:
                self._standing, self._excused = True, False
                self._final |= no.kind is ActKind.FINAL_NO
                if no.kind is ActKind.NO and not counted:
                    counted = True
                    self._final |= len(self.noes) + 1 >= FINAL
                    explored = None if self._final else after is not None and _opens(after)
                    self.noes.append(No(no.start, no.evidence, no.reason, explored))

    def rep(self, turn: Turn) -> None:
        if _opens(turn):
            self._excused = True
            return
        push = next((act for said in turn.lines if (act := said.act(*PUSHES))), None)
        if push and not self._excused and (self._standing or self._final or self._mismatch):
            self.pushes.append(push.start)


def _opens(turn: Turn) -> bool:
    return any(said.act(ActKind.OPEN_QUESTION) for said in turn.lines)


def _has(turn: Turn, kind: ActKind) -> bool:
    return turn.speaker is Speaker.REP and any(said.act(kind) for said in turn.lines)
