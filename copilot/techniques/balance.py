"""Balance: who asks and listens sells more than who talks on."""

from collections.abc import Iterator
from typing import ClassVar

from copilot.dialogue.floor import Floor, Stretch
from copilot.dialogue.thresholds import Thresholds
from copilot.events import CueName, Due, Over, Said, Speaker, Verdict


class Balance:
    """monologue.

    The rep's turn begins with the first word that is more than a backchannel after the customer's
    last line of substance. Pauses belong to it, but a rep who has stopped gives up the floor: in a
    pause the cue waits until the rep goes on, and comes not at all when the customer speaks first.
    """

    CUES: ClassVar = (CueName.MONOLOGUE,)

    def __init__(self, thresholds: Thresholds, floor: Floor, _prepared: int) -> None:
        self._t, self._floor = thresholds, floor
        self._since = 0.0  # s, end of the customer's last line of substance
        self._start: float | None = None  # s, of the rep's turn
        self._said = ""  # the turn's first line
        self._warned = False  # in this turn

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a line of either side."""
        if not said.substantial:
            return
        if said.speaker is Speaker.CUSTOMER:
            self._since, self._start, self._said = said.line.end, None, ""
            self._warned = False
            yield Over(CueName.MONOLOGUE, "the customer speaks")
        elif not self._said:
            self._said = said.line.text
            self._start = max(said.line.start, self._since)

    def notice(self, due: Due) -> None:
        """Nothing that others find matters here."""

    def consider(self) -> Iterator[Verdict]:
        """See whether the turn has lasted too long, and the rep still has the floor."""
        if self._warned or self._start is None:
            return
        limit = self._start + self._t.monologue
        if self._floor.now < limit or not self._floor.understood(Speaker.CUSTOMER, limit):
            return
        after = self._floor.stretches(Speaker.REP, limit)
        goes_on = next((one.start for one in after if not _nothing(one)), None)
        if goes_on is not None and self._floor.understood(Speaker.CUSTOMER, goes_on):
            self._warned = True
            yield Due(CueName.MONOLOGUE, limit, self._start, self._said)


def _nothing(stretch: Stretch) -> bool:
    """Noise, or a sign of listening."""
    if not stretch.understood:
        return False
    return stretch.said is None or not stretch.said.substantial
