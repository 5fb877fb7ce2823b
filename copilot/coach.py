"""What a coach does with a playbook: have it checked, and try a sentence on it."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from rich.console import Console as Terminal
from rich.table import Table
from rich.text import Text

from copilot.app import learn
from copilot.dialogue.doubts import find_doubts, unusual
from copilot.dialogue.playbook import (
    Playbook,
    languages,
    load_playbook,
    own_examples,
    read_playbook,
    told,
)
from copilot.dialogue.space import plain
from copilot.dialogue.toml_lines import line_of, lines_of
from copilot.errors import PlaybookError
from copilot.events import Speaker

SHOWN = 6  # acts of a speaker at most, the likeliest first


class Trial(Struct, frozen=True):
    """A sentence to try: who says it, and what the other said just before."""

    sentence: str
    speakers: tuple[Speaker, ...] = (Speaker.REP, Speaker.CUSTOMER)
    after: str | None = None


def check(path: Path, language: str, terminal: Terminal) -> None:
    """Print every mistake of a playbook with its line and key, or what should be looked at twice.

    Raises:
        PlaybookError: it has mistakes; they have been printed.
    """
    playbook, faults = read_playbook(language, path)
    for fault in faults:
        terminal.print(Text(told(path, fault)), soft_wrap=True)
    if playbook is None:
        count = f"{len(faults)} mistake{'s' * (len(faults) > 1)}"
        raise PlaybookError(f"{path}: {count}; mend them and check again")
    doubts = list(_doubted(path, playbook))
    for line in doubts:
        terminal.print(Text(line), soft_wrap=True)
    terminal.print(Text(f"{path}: no mistakes; {len(doubts)} to look at twice"))


def _doubted(path: Path, playbook: Playbook) -> Iterator[str]:
    places = lines_of(path.read_text(encoding="utf-8-sig"))
    encoder = learn(playbook).encoder
    odd = unusual(playbook.thresholds)
    for doubt in (*odd, *find_doubts(playbook.examples, own_examples(path), encoder)):
        line = line_of(places, doubt.key)
        where = f"{path}:{line}" if line else f"{path}"
        yield f"{where}: {doubt.key}: {doubt.value!r} {doubt.what}"


def try_sentence(path: Path, language: str, trial: Trial, terminal: Terminal) -> None:
    """Show what a sentence does, by this playbook, beside the nearest examples.

    Raises:
        PlaybookError: the playbook has a mistake, or the sentence no words.
    """
    if not plain(trial.sentence):
        raise PlaybookError("there are no words in the sentence; give one as it would be spoken")
    if str(path) in languages() and not path.exists():
        playbook = load_playbook(str(path))
    else:
        playbook = load_playbook(language, path)
    learned = learn(playbook)
    for speaker in trial.speakers:
        table = Table(title=f"{playbook.screen[speaker]}: {speaker}", caption=_behind(trial))
        for column in ("act", "score", "", "nearest example", "likeness"):
            table.add_column(column, justify="right" if column in ("score", "likeness") else "left")
        for row in learned.weigh(trial.sentence, speaker, trial.after)[:SHOWN]:
            sign = "yes, in doubt" if row.unsure else "yes" if row.found else ""
            likeness = f"{row.likeness:.2f}" if row.nearest else ""
            act = f"{row.act}: {row.reason}" if row.reason else row.act
            table.add_row(act, f"{row.score:.2f}", sign, Text(row.nearest), likeness)
        terminal.print(table)


def _behind(trial: Trial) -> Text:
    """What the sentence was read behind, which decides what it answers."""
    if trial.after is None:
        return Text('as the first line of a call; give --after "..." for an answer')
    return Text(f"after: {trial.after}")
