"""How well the cues are given: against the cues that the labels themselves would give.

python -m tests.benchmarks.cues                    the test part
python -m tests.benchmarks.cues nl nl_pass3 ...    some passes of one language

The labelled lines of a call get times by a fixed rule. The techniques hear them twice: once with
the labels as acts, once with the acts that the program understands. A cue is found when both give
it at the same anchor. Good calls are those in which the labels warn of nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from heapq import merge
from zlib import crc32

from msgspec import structs
from rich.console import Console as Terminal
from rich.table import Table

from copilot.advisor import Advisor
from copilot.call import Call
from copilot.dialogue.acts import Interpreter, Understanding
from copilot.dialogue.floor import Floor
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import Playbook, load_playbook
from copilot.dialogue.request import Requests
from copilot.dialogue.space import multilingual_encoder
from copilot.dialogue.talk import Talk
from copilot.events import (
    Act,
    ActKind,
    Cue,
    CueName,
    Heard,
    Line,
    Said,
    Skipped,
    Speaker,
    Speaking,
    Tick,
)
from copilot.techniques import TECHNIQUES
from tests.benchmarks.acts import MACRO, TEST, Tally, figures
from tests.benchmarks.corpus import Labelled, calls

TICK = 0.1  # s
AFTERMATH = 12.0  # s behind the last line
FEWEST = 4  # lines of a call; a shorter piece has no course
GUIDING = (CueName.HOLD_SILENCE, CueName.MAKE_THE_ASK)  # warn of nothing
Given = set[tuple[CueName, float]]


class Told:
    """Understands what the labels say, and nothing else."""

    def __init__(self, playbook: Playbook, floor: Floor, call: Sequence[Labelled]) -> None:
        self._talk = Talk(playbook.words, playbook.thresholds, floor)
        self._requests = Requests(playbook.words.steps, playbook.words.negations)
        self._left = list(call)

    def understand(self, line: Line) -> Said:
        """Return the line with its labels as acts."""
        labelled = self._left.pop(0)
        acts = tuple(self._stepped(act, labelled) for act in labelled.told(line))
        asks = labelled.speaker is Speaker.CUSTOMER and labelled.text.endswith("?")
        return self._talk.told(line, acts, asks=asks)

    def skip(self, skipped: Skipped) -> Said:
        raise LookupError(f"{skipped}: no line of a labelled call is ever skipped")

    def _stepped(self, act: Act, labelled: Labelled) -> Act:
        """The act; of a closing question, with the step that its words ask for."""
        if act.kind is not ActKind.CLOSING_QUESTION:
            return act
        return structs.replace(act, step=self._requests.step(labelled.text, labelled.text))


def timed(call: Sequence[Labelled]) -> list[Line]:
    """The lines of a call, 0.4 to 1.5 s apart by a rule that knows no labels."""
    clock, lines = 1.0, []
    for labelled in call:
        line = labelled.line(clock)
        lines.append(line)
        clock = round(line.end, 2) + 0.4 + crc32(labelled.text.encode()) % 12 / 10
    return lines


def heard(lines: Sequence[Line]) -> Iterator[Heard]:
    """What a transcript with these lines would let the dialogue hear."""
    ticks = (Tick(place * TICK) for place in range(round((lines[-1].end + AFTERMATH) / TICK)))
    yield from merge(_spoken(lines), ticks, key=lambda one: one.at)


def _spoken(lines: Sequence[Line]) -> Iterator[Heard]:
    for line in lines:
        yield Speaking(line.start, line.speaker, on=True, since=line.start)
        yield Speaking(line.end, line.speaker, on=False, since=line.end)
        yield line


def given(call: Call, lines: Sequence[Line]) -> Given:
    """The cues of a call, by name and anchor."""
    events = (event for one in heard(lines) for event in call.hear(one))
    return {(cue.name, round(cue.anchor, 2)) for cue in events if isinstance(cue, Cue)}


def advised(understands: Interpreter | Told, playbook: Playbook, floor: Floor) -> Call:
    """A call with every technique."""
    techniques = [one(playbook.thresholds, floor, 0) for one in TECHNIQUES]
    return Call(understands, Advisor(techniques, playbook.cues, playbook.thresholds, floor))


class Measured:
    """The cues of some calls, and what was false in the good ones."""

    def __init__(self, language: str) -> None:
        self._playbook = load_playbook(language)
        self._learned = Understanding(self._playbook, multilingual_encoder(), Network())
        self.tally: Tally[CueName] = Tally()
        self.false, self.good, self.seconds = 0, 0, 0.0

    def count(self, call: Sequence[Labelled]) -> None:
        """Hear a call twice."""
        lines, floor = timed(call), Floor()
        true = given(advised(Told(self._playbook, floor, call), self._playbook, floor), lines)
        floor = Floor()
        reader = Interpreter(self._learned, floor, [])
        found = given(advised(reader, self._playbook, floor), lines)
        for name in CueName:
            self.tally.count_many(name, _of(found, name), _of(true, name))
        if all(name in GUIDING for name, _ in true):
            self.good += 1
            self.seconds += lines[-1].end
            self.false += sum(name not in GUIDING for name, _ in found - true)


def _of(cues: Given, name: CueName) -> set[float]:
    return {anchor for one, anchor in cues if one is name}


def show(title: str, measured: Measured, terminal: Terminal) -> None:
    """Print the table."""
    table = Table(title=title)
    for column in ("cue", "precision", "recall", "F1", "due"):
        table.add_column(column, justify="left" if column == "cue" else "right")
    for name in [name for name in CueName if measured.tally.true[name]]:
        table.add_row(name, *figures(measured.tally, name))
    table.add_row(MACRO, "", "", f"{measured.tally.macro():.3f}", "")
    terminal.print(table)
    minutes = measured.seconds / 60
    rate = 10 * measured.false / max(minutes, 1e-9)
    terminal.print(
        f"{measured.false} false warnings in {measured.good} good calls of {minutes:.1f} minutes: "
        f"{rate:.2f} in 10 minutes"
    )


def main() -> None:
    """Measure what the command line names, or the test part."""
    language, *names = sys.argv[1:] or [""]
    wanted = {language: names} if names else TEST
    for code, passes in wanted.items():
        measured = Measured(code)
        for call in calls(*passes):
            if len(call) >= FEWEST:
                measured.count(call)
        show(f"{code}: {', '.join(passes)}", measured, Terminal(width=100))


if __name__ == "__main__":
    main()
