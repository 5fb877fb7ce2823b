"""How well the acts are understood: precision, recall and F1 of each on labelled calls.

python -m tests.benchmarks.acts                    the test part, which nothing was fitted on
python -m tests.benchmarks.acts nl nl_pass3 ...    some passes of one language
python -m tests.benchmarks.acts nl heard/nl_test   as the recogniser heard it
"""

import sys
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Generic, TypeVar

from rich.console import Console as Terminal
from rich.table import Table

from copilot.dialogue.acts import Interpreter, Understanding
from copilot.dialogue.floor import Floor
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.space import multilingual_encoder
from copilot.events import ActKind, CueName
from tests.benchmarks.corpus import GAP, Labelled, calls

TEST = {
    "nl": ["nl_test", "nl_test2", "nl_test3"],
    "en": ["en_test", "en_test2", "en_test3"],
}
MACRO, NOTHING = "macro", "nothing"


Kind = TypeVar("Kind", ActKind, CueName)


class Tally(Generic[Kind]):
    """Hits, false alarms and misses of each act or cue, and what was taken for what."""

    def __init__(self) -> None:
        self.hits: Counter[Kind] = Counter()
        self.found: Counter[Kind] = Counter()
        self.true: Counter[Kind] = Counter()
        self.confused: Counter[tuple[str, str]] = Counter()

    def count(self, found: set[Kind], true: frozenset[Kind]) -> None:
        """Add one line."""
        self.hits.update(found & true)
        self.found.update(found)
        self.true.update(true)
        missed: list[str] = [*sorted(true - found)] or [NOTHING]
        false: list[str] = [*sorted(found - true)] or [NOTHING]
        if missed != false:
            self.confused.update((one, other) for one in missed for other in false)

    def count_many(self, kind: Kind, found: AbstractSet[float], true: AbstractSet[float]) -> None:
        """Add the places at which one kind was found, and those where it was due."""
        self.hits[kind] += len(found & true)
        self.found[kind] += len(found)
        self.true[kind] += len(true)

    def f1(self, kind: Kind) -> float:
        """The harmonic mean of precision and recall; 0 when nothing was found."""
        return 2 * self.hits[kind] / max(1, self.found[kind] + self.true[kind])

    def macro(self) -> float:
        """The mean F1 of the kinds that occur."""
        occur = [kind for kind, times in self.true.items() if times]
        return sum(self.f1(kind) for kind in occur) / max(1, len(occur))


def figures(tally: Tally[Kind], kind: Kind) -> tuple[str, ...]:
    """Precision, recall, F1 and how often it occurs, as the cells of a row."""
    hits, found, true = tally.hits[kind], tally.found[kind], tally.true[kind]
    precision, recall = hits / max(1, found), hits / true
    return f"{precision:.2f}", f"{recall:.2f}", f"{tally.f1(kind):.2f}", str(true)


def measure(language: str, names: Sequence[str]) -> Tally[ActKind]:
    """Read every call from its first line, with the program's own reading of what came before."""
    learned, tally = (
        Understanding(load_playbook(language), multilingual_encoder(), Network()),
        Tally(),
    )
    for call in calls(*names):
        _read(Interpreter(learned, Floor(), []), call, tally)
    return tally


def _read(interpreter: Interpreter, call: Sequence[Labelled], tally: Tally[ActKind]) -> None:
    clock = 0.0
    for labelled in call:
        line = labelled.line(clock)
        clock = line.end + GAP
        said = interpreter.understand(line)
        tally.count({act.kind for act in said.acts}, labelled.acts)


def show(title: str, tally: Tally[ActKind], terminal: Terminal) -> None:
    """Print the table."""
    table = Table(title=title)
    for column in ("act", "precision", "recall", "F1", "lines"):
        table.add_column(column, justify="left" if column == "act" else "right")
    for act in [act for act in ActKind if tally.true[act]]:
        table.add_row(act, *figures(tally, act))
    table.add_row(MACRO, "", "", f"{tally.macro():.3f}", str(sum(tally.true.values())))
    terminal.print(table)
    pairs = (f"{one} as {other} {times}" for (one, other), times in tally.confused.most_common(12))
    terminal.print(f"taken for another: {', '.join(pairs)}", highlight=False)


def main() -> None:
    """Measure what the command line names, or the test part."""
    language, *names = sys.argv[1:] or [""]
    wanted = {language: names} if names else TEST
    for code, passes in wanted.items():
        show(f"{code}: {', '.join(passes)}", measure(code, passes), Terminal(width=100))


if __name__ == "__main__":
    main()
