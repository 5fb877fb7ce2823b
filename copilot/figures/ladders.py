"""The yes-ladders of a call: how high the rep came, and what broke them."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from copilot.dialogue.rung import is_courtesy, is_rung
from copilot.dialogue.thresholds import Thresholds
from copilot.events import QUESTIONS, ActKind, Said, Speaker

SHORTEST, LAPSE = Thresholds().ladder_on, Thresholds().ladder_lapse
REFUSALS = (ActKind.NO, ActKind.FINAL_NO, ActKind.HESITATION)


class Broke(StrEnum):
    """What ended a run of yeses."""

    REQUEST = "request"  # the rep put the request: what a ladder is for
    OPEN_QUESTION = "open_question"  # the answer to one
    CHOICE_QUESTION = "choice_question"
    NO = "no"
    HESITATION = "hesitation"
    OTHER_ANSWER = "other_answer"  # neither yes nor refusal
    TIME = "time"  # 60 s without a yes
    END = "end"  # of the call


class Ladder(Struct, frozen=True):
    """Two or more yeses in a row to closed questions."""

    start: float  # s, the first yes
    length: int
    broke: Broke


def ladders(lines: Sequence[Said]) -> tuple[Ladder, ...]:
    """The runs of two or more; the contract's rules say what is a rung and what ends a run."""
    climb = _Climb()
    for said in lines:
        if said.substantial:
            climb.hear(said)
    climb.end(Broke.END)
    return tuple(climb.done)


class _Climb:
    def __init__(self) -> None:
        self.done: list[Ladder] = []
        self._yeses = 0
        self._latest = 0.0  # s, end of the last yes, a rung or not
        self._started = 0.0
        self._asked: Said | None = None

    def hear(self, said: Said) -> None:
        if said.line.start >= self._latest + LAPSE:
            self.end(Broke.TIME)
        if said.speaker is Speaker.CUSTOMER:
            self._answer(said)
        elif said.prepared is not None or said.act(*QUESTIONS):
            self._asked = said
            if said.act(ActKind.CLOSING_QUESTION):
                self.end(Broke.REQUEST)

    def _answer(self, said: Said) -> None:
        asked = self._asked
        if said.act(ActKind.YES):
            self._latest = said.line.end
        if said.act(*REFUSALS):
            self._asked = None
            self.end(Broke.HESITATION if not said.act(*REFUSALS[:2]) else Broke.NO)
        elif asked is not None and not said.asks:
            self._asked = None
            if said.act(ActKind.YES) and is_rung(asked):
                self._started = self._started if self._yeses else said.line.start
                self._yeses += 1
            elif not is_courtesy(asked):
                self.end(_blame(asked))

    def end(self, why: Broke) -> None:
        if self._yeses >= SHORTEST:
            self.done.append(Ladder(self._started, self._yeses, why))
        self._yeses = 0


def _blame(asked: Said) -> Broke:
    if asked.act(ActKind.OPEN_QUESTION):
        return Broke.OPEN_QUESTION
    return Broke.CHOICE_QUESTION if asked.act(ActKind.CHOICE_QUESTION) else Broke.OTHER_ANSWER
