"""Never end a call without asking for a next step, and having an answer."""

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from copilot.dialogue.floor import Floor
from copilot.dialogue.thresholds import Thresholds
from copilot.events import (
    QUESTIONS,
    ActKind,
    Agreed,
    CueName,
    Due,
    Over,
    Said,
    Speaker,
    Verdict,
)


class Asked(Struct, frozen=True):
    """The latest closing question, and the yes to it."""

    end: float  # s, of the question
    yes: float | None = None  # s, start of the line that agreed
    because: str = ""  # the words that agreed; none when it only may have been a yes


class NextStep:
    """no_next_step.

    A closing question waits for its yes until the rep asks something newer, the customer says no,
    or the rep breaks the silence after it; a hesitation or a question of the customer's leaves it
    open. A yes over its last words answers it too. What others find (a broken silence, a poor fit)
    is noticed, and may come late: a yes that was given into a broken silence is taken back.
    """

    CUES: ClassVar = (CueName.NO_NEXT_STEP,)

    def __init__(self, thresholds: Thresholds, floor: Floor, _prepared: int) -> None:
        self._t, self._floor = thresholds, floor
        self._told: Asked | None = None  # the agreement as it was told last
        self._open: Asked | None = None
        self._spoken: Said | None = None  # what the customer said last
        self._agreed: list[Asked] = []  # the last one only: an earlier yes stands for ever
        self._broken = -1.0  # s, when the rep last broke a silence
        self._settled = False  # an earlier yes stands, or the talk ended for a good reason
        self._parting: Said | None = None  # the first goodbye, not yet judged
        self._parted = False

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a line of either side."""
        if not said.substantial:
            return
        if said.speaker is Speaker.CUSTOMER:
            self._answer(said)
            self._spoken = said
        elif said.act(ActKind.CLOSING_QUESTION) or self._may_ask(said):
            self._open = Asked(said.line.end)
            yield Over(CueName.NO_NEXT_STEP, "asked")
            if self._spoken is not None and self._over(said, self._spoken):
                self._answer(self._spoken)
        elif said.act(*QUESTIONS) or said.prepared is not None:
            self._open = None
        if said.surely(ActKind.GOODBYE) and not self._parted:
            self._parting, self._parted = said, True

    def notice(self, due: Due) -> None:
        """Take note of a broken silence, and of a talk that had to end."""
        if due.name is CueName.POOR_FIT:
            self._settled = True
        elif due.name is CueName.SILENCE_BROKEN:
            self._broken = due.anchor
            self._agreed = [one for one in self._agreed if not _spoilt(one, due.anchor)]

    def consider(self) -> Iterator[Verdict]:
        """Tell of an agreement; judge the goodbye, once everybody has heard it."""
        yield from self._tell_agreement()
        parting, self._parting = self._parting, None
        if parting is None or self._settled or self._agreed:
            return
        goodbye = parting.act(ActKind.GOODBYE)
        because = goodbye.evidence if goodbye else parting.line.text
        yield Due(CueName.NO_NEXT_STEP, parting.line.end, parting.line.end, because)

    def _tell_agreement(self) -> Iterator[Verdict]:
        latest = next((one for one in self._agreed if one.because), None)
        before, self._told = self._told, latest
        if latest is not None and latest.yes is not None and latest != before:
            yield Agreed(self._floor.now, True, latest.because, latest.yes)
        elif latest is None and before is not None and before.yes is not None and not self._settled:
            yield Agreed(self._floor.now, False, before.because, before.yes)

    def _may_ask(self, said: Said) -> bool:
        """Whether this may be the first question for the decision; a surer one is kept."""
        return self._open is None and said.perhaps(ActKind.CLOSING_QUESTION)

    def _over(self, asked: Said, said: Said) -> bool:
        """Whether the customer spoke over the last words of a question."""
        soon = asked.line.end - said.line.end <= self._t.same_question
        return said.line.start > asked.line.start and soon

    def _answer(self, said: Said) -> None:
        if said.perhaps(ActKind.FINAL_NO):
            self._settled = True
        if said.surely(ActKind.NO):
            self._open = None
        elif self._open and said.perhaps(ActKind.YES) and not said.surely(ActKind.HESITATION):
            yes = said.act(ActKind.YES)
            words = yes.evidence if yes else ""
            answered, self._open = Asked(self._open.end, said.line.start, words), None
            if not _spoilt(answered, self._broken):
                self._settled = self._settled or bool(self._agreed)
                self._agreed = [answered]


def _spoilt(one: Asked, broken: float) -> bool:
    """Whether the silence between the question and its yes was broken."""
    return one.yes is not None and one.end <= broken < one.yes
