"""Reads the labelled calls of tests/corpus: `speaker: text | acts`, a call begins with `==`.

Behind an act's colon stands the reason of a no, or that a closed question is a `courtesy`.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from copilot.events import Act, ActKind, Line, Reason, Speaker

FOLDER = Path(__file__).parents[1] / "corpus"
SPEAKERS = {"rep": Speaker.REP, "cus": Speaker.CUSTOMER}
LETTERS = 14.0  # characters a second of ordinary speech
GAP = 0.5  # s between two lines
COURTESY = "courtesy"


class Labelled(Struct, frozen=True):
    """A line and what it does."""

    speaker: Speaker
    text: str
    acts: frozenset[ActKind]
    reason: Reason | None
    courtesy: bool = False  # the closed question is about identity, permission or the connection

    def line(self, start: float) -> Line:
        """The line as if it had been spoken from a moment on."""
        slight = ActKind.BACKCHANNEL in self.acts
        lasts = 0.6 if slight else max(0.8, len(self.text) / LETTERS)
        return Line(start + lasts, self.speaker, start, start + lasts, self.text, 1.0)

    def told(self, line: Line) -> tuple[Act, ...]:
        """The acts as an interpreter that makes no mistake would find them."""
        return tuple(
            Act(
                line.at,
                self.speaker,
                kind,
                line.start,
                line.end,
                self.text,
                self.reason,
                courtesy=self.courtesy and kind is ActKind.CLOSED_QUESTION,
            )
            for kind in sorted(self.acts)
        )


def calls(*names: str) -> Iterator[list[Labelled]]:
    """Yield the calls of some files (names without ending), each a list of lines."""
    for name in names:
        yield from numbered(name).values()


def numbered(name: str) -> dict[int, list[Labelled]]:
    """The calls of a file by their place in it; one of which no line is there is left out."""
    found: dict[int, list[Labelled]] = {}
    number = 0
    for row in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("=="):
            number += 1
        elif row.strip():
            found.setdefault(number, []).append(_labelled(row))
    return found


def _labelled(row: str) -> Labelled:
    speaker, _, rest = row.partition(":")
    text, _, labels = rest.rpartition("|")
    kinds, reason, courtesy = set(), None, False
    for label in labels.split():
        kind, _, more = label.partition(":")
        kinds.add(ActKind(kind))
        courtesy = courtesy or more == COURTESY
        reason = Reason(more) if more and more != COURTESY else reason
    if ActKind.FINAL_NO in kinds:
        kinds.add(ActKind.NO)
    who = SPEAKERS[speaker.strip()]
    return Labelled(who, text.strip(), frozenset(kinds), reason, courtesy)
