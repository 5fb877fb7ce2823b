"""The talk of a call as its log tells it: lines with their acts, turns, and the gaps between."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct, structs

from copilot.events import QUESTIONS, Act, Event, Line, Said, Speaker

Asks = Callable[[str], bool]  # whether a customer's line is a question; the log has no act for it


class Turn(Struct, frozen=True):
    """A run of lines of one speaker, unbroken by a line of substance of the other."""

    speaker: Speaker
    lines: tuple[Said, ...]

    @property
    def start(self) -> float:
        """Its first word, in seconds."""
        return self.lines[0].line.start

    @property
    def end(self) -> float:
        """Its last word."""
        return max(said.line.end for said in self.lines)

    @property
    def lasted(self) -> float:
        """Seconds, pauses and the other's signs of listening included."""
        return self.end - self.start


def lines_of(events: Iterable[Event], asks: Asks) -> list[Said]:
    """Every line with its acts, in the order in which they became known; turns are not numbered."""
    lines: list[tuple[Line, list[Act]]] = []
    for event in events:
        if isinstance(event, Line):
            lines.append((event, []))
        elif isinstance(event, Act):
            for line, acts in reversed(lines):
                if (line.speaker, line.start, line.end) == (event.speaker, event.start, event.end):
                    acts.append(event)
                    break
    return [_said(line, tuple(acts), asks) for line, acts in lines]


def _said(line: Line, acts: tuple[Act, ...], asks: Asks) -> Said:
    rung = next((act.prepared for act in acts if act.prepared is not None), None)
    said = Said(line, acts, 0, prepared=rung.number - 1 if rung else None)
    if line.speaker is Speaker.REP:
        asking = said.act(*QUESTIONS) is not None
    else:
        asking = said.substantial and asks(line.text)
    return structs.replace(said, asks=asking)


def by_start(lines: Iterable[Said]) -> list[Said]:
    """The lines as they began to be spoken."""
    return sorted(lines, key=lambda said: (said.line.start, said.line.end))


def turns_of(lines: Iterable[Said]) -> list[Turn]:
    """The turns, in the order of the lines; backchannels and fillers neither make nor break one."""
    turns: list[Turn] = []
    for said in lines:
        if not said.substantial:
            continue
        if turns and turns[-1].speaker is said.speaker:
            turns[-1] = Turn(said.speaker, (*turns[-1].lines, said))
        else:
            turns.append(Turn(said.speaker, (said,)))
    return turns


def gaps(lines: Sequence[Said]) -> list[float]:
    """Seconds of each stretch between the first and the last word in which nobody speaks."""
    found: list[float] = []
    until = None
    for said in by_start(lines):
        if until is not None and said.line.start > until:
            found.append(said.line.start - until)
        until = said.line.end if until is None else max(until, said.line.end)
    return found


def changes(turns: Sequence[Turn]) -> list[tuple[Turn, Turn]]:
    """Each turn with the one that follows it."""
    return list(pairwise(turns))
