"""Give first, and never tie the gift to something in return; a gift itself is only noted."""

from collections.abc import Iterator
from typing import ClassVar

from copilot.dialogue.floor import Floor
from copilot.dialogue.thresholds import Thresholds
from copilot.events import ActKind, CueName, Due, Said, Verdict


class Reciprocity:
    """quid_pro_quo."""

    CUES: ClassVar = (CueName.QUID_PRO_QUO,)

    def __init__(self, _thresholds: Thresholds, _floor: Floor, _prepared: int) -> None:
        pass

    def hear(self, said: Said) -> Iterator[Verdict]:
        """Take a line of either side."""
        tied = said.surely(ActKind.QUID_PRO_QUO)
        if tied is not None:
            yield Due(CueName.QUID_PRO_QUO, tied.end, tied.end, tied.evidence)

    def notice(self, due: Due) -> None:
        """Nothing that others find matters here."""

    def consider(self) -> Iterator[Verdict]:
        """Nothing here comes with time alone."""
        return iter(())
