"""How well the acts are understood: precision, recall and F1 of each on labelled calls.

python -m tests.benchmarks.acts                    the test part, which nothing was fitted on
python -m tests.benchmarks.acts nl nl_pass3 ...    some passes of one language
"""

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console as Terminal
from rich.table import Table

from copilot.dialogue.acts import Interpreter, Understanding
from copilot.dialogue.floor import Floor
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.space import multilingual_encoder
from copilot.events import ActKind
from tests.benchmarks.corpus import GAP, Labelled, calls

TEST = {"nl": ["nl_test"], "en": ["en_test"]}
MACRO = "macro"


class Tally:
    """Hits, false alarms and misses of each act."""

    def __init__(self) -> None:
        self.hits: Counter[ActKind] = Counter()
        self.found: Counter[ActKind] = Counter()
        self.true: Counter[ActKind] = Counter()

    def count(self, found: set[ActKind], true: frozenset[ActKind]) -> None:
        """Add one line."""
        self.hits.update(found & true)
        self.found.update(found)
        self.true.update(true)

    def f1(self, act: ActKind) -> float:
        """The harmonic mean of precision and recall; 0 when nothing was found."""
        return 2 * self.hits[act] / max(1, self.found[act] + self.true[act])

    def macro(self) -> float:
        """The mean F1 of the acts that occur."""
        return sum(self.f1(act) for act in self.true) / max(1, len(self.true))


def measure(language: str, names: Sequence[str]) -> Tally:
    """Read every call from its first line, with the program's own reading of what came before."""
    learned, tally = Understanding(load_playbook(language), multilingual_encoder()), Tally()
    for call in calls(*names):
        _read(Interpreter(learned, Floor(), []), call, tally)
    return tally


def _read(interpreter: Interpreter, call: Sequence[Labelled], tally: Tally) -> None:
    clock = 0.0
    for labelled in call:
        line = labelled.line(clock)
        clock = line.end + GAP
        said = interpreter.understand(line)
        tally.count({act.kind for act in said.acts}, labelled.acts)


def show(title: str, tally: Tally, terminal: Terminal) -> None:
    """Print the table."""
    table = Table(title=title)
    for column in ("act", "precision", "recall", "F1", "lines"):
        table.add_column(column, justify="left" if column == "act" else "right")
    for act in [act for act in ActKind if tally.true[act]]:
        precision = tally.hits[act] / max(1, tally.found[act])
        recall = tally.hits[act] / tally.true[act]
        figures = (f"{one:.2f}" for one in (precision, recall, tally.f1(act)))
        table.add_row(act, *figures, str(tally.true[act]))
    table.add_row(MACRO, "", "", f"{tally.macro():.3f}", str(sum(tally.true.values())))
    terminal.print(table)


def main() -> None:
    """Measure what the command line names, or the test part."""
    language, *names = sys.argv[1:] or [""]
    wanted = {language: names} if names else TEST
    for code, passes in wanted.items():
        show(f"{code}: {', '.join(passes)}", measure(code, passes), Terminal(width=100))


if __name__ == "__main__":
    main()
