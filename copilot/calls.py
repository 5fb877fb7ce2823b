"""What a coach does with stored calls on the command line: list, read, note, tag, clear away."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import structs
from rich.console import Console as Terminal
from rich.table import Table
from rich.text import Text

from copilot.dialogue.playbook import languages, load_playbook
from copilot.dialogue.wording import Word
from copilot.errors import StoreError
from copilot.events import Cue, Line
from copilot.figures.told import Words, clock, rows_of
from copilot.sinks.text import clean
from copilot.store.card import Card, Note, change_card
from copilot.store.clearing import Rules, delete, outdated, prune, write_rules
from copilot.store.reading import read_call
from copilot.store.shelf import Entry, Query, Shelf, State, look


def words_in(language: str) -> Words:
    """The texts of the coach's side; of the first language when a call has one we do not know."""
    return load_playbook(language if language in languages() else languages()[0]).review


def list_calls(shelf: Shelf, query: Query, language: str, terminal: Terminal) -> None:
    """Print the calls that a query asks for, newest first; tab-separated in a pipe."""
    words = words_in(language)
    heads = (Word.CALL, Word.DAY, Word.LENGTH, Word.REP, Word.CUSTOMER, Word.CUES, Word.NEXT_STEP)
    head = [words[one] for one in (*heads, Word.TAGS, Word.STATE)]
    rows = (_listed(entry, words) for entry in shelf.entries(query))
    print_table(head, rows, terminal, f"{words[Word.NO_CALLS]} ({shelf.root})")


def print_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], terminal: Terminal, none: str = ""
) -> None:
    """Print rows under their heads; tab-separated where there is no terminal.

    Args:
        head: of the columns.
        rows: of cells.
        terminal: to print on.
        none: what is said there when there are no rows.
    """
    if not terminal.is_terminal:
        for row in (head, *rows):
            terminal.file.write("\t".join(row) + "\n")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in head:
        table.add_column(Text(name), overflow="fold", no_wrap=name == head[0])
    for row in rows:
        table.add_row(*map(Text, row))
    terminal.print(table if table.row_count else Text(none))


def _listed(entry: Entry, words: Words) -> list[str]:
    card, digest = entry.card, entry.digest
    known = digest.figures if digest else None
    state = "" if entry.state is State.WHOLE else words[Word(entry.state)]
    if card.part:
        state = ", ".join(filter(None, (state, part_told(card, words))))
    cells = [
        entry.name,
        entry.day,
        clock(known.length) if known else "",
        card.rep,
        card.customer,
        str(sum(known.cues.values())) if known else "",
        known.next_step.answered if known and known.next_step else "",
        ", ".join(card.tags),
        f"{state}: {entry.fault}" if entry.state is State.DAMAGED else state,
    ]
    return [clean(cell) for cell in cells]


def part_told(card: Card, words: Words) -> str:
    """`deel 0:10-0:30`, of a call that was heard in part; else nothing."""
    if not card.part:
        return ""
    return f"{words[Word.PART]} {clock(card.begin)}-{clock(card.end) if card.end else ''}"


def show_call(shelf: Shelf, name: str, terminal: Terminal, *, transcript: bool) -> None:
    """Print what is known of a call: its card, notes, figures and cues, and the talk if asked."""
    entry = look(shelf.find(name))
    if entry.digest is None:
        raise StoreError(entry.fault)
    words = words_in(entry.card.language)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _card(entry, words):
        table.add_row(Text(label), Text(clean(value)))
    for row in rows_of(entry.digest.figures, words):
        table.add_row(Text(row.label), Text(clean("; ".join(row.values))))
    terminal.print(table)
    for line in _told(entry, words, transcript=transcript):
        terminal.print(Text(clean(line)), soft_wrap=True)


def _card(entry: Entry, words: Words) -> Iterator[tuple[str, str]]:
    card = entry.card
    yield words[Word.CALL], entry.name
    yield words[Word.DAY], card.when[:16].replace("T", " ")
    state = "" if entry.state is State.WHOLE else words[Word(entry.state)]
    for told in filter(None, (state, part_told(card, words))):
        yield words[Word.STATE], told
    yield words[Word.REP], card.rep
    yield words[Word.CUSTOMER], card.customer
    yield words[Word.TAGS], ", ".join(card.tags)
    for note in card.notes:
        moment = f"{clock(note.at)} " if note.at is not None else ""
        yield words[Word.NOTES], f"{moment}{note.text}"
    if entry.digest is None:
        return
    figures = entry.digest.figures
    step = figures.next_step
    agreed = f"{clock(step.at)} {step.asked} / {step.answered}" if step else ""
    yield words[Word.NEXT_STEP], agreed or words[Word.NO_NEXT_STEP]
    for gift in figures.gifts:
        yield words[Word.GIFTS], f"{clock(gift.at)} {gift.words}"


def _told(entry: Entry, words: Words, *, transcript: bool) -> list[str]:
    """The cues, and the lines if they are asked for, in the order of the call."""
    rows: list[tuple[float, str]] = []
    for event in read_call(entry.folder):
        if isinstance(event, Cue):
            told = f"{clock(event.anchor)} » {event.text} “{event.because}”"
            rows.append((event.due, told))
        elif transcript and isinstance(event, Line):
            told = f"{clock(event.start)} {words[Word(event.speaker)]}: {event.text}"
            rows.append((event.start, told))
    return [row for _, row in sorted(rows, key=lambda one: one[0])]


def note(shelf: Shelf, name: str, text: str, at: float | None, now: datetime) -> Path:
    """Add a note to a call, and return its folder; raises StoreError."""
    folder = shelf.find(name)
    digest = look(folder).digest
    if not text.strip():
        raise StoreError(f"{folder.name}: nothing to note; write what to remember of it")
    if at is not None and digest is not None and at > digest.figures.length:
        raise StoreError(f"{clock(at)}: the call ends at {clock(digest.figures.length)}")
    wall = now.isoformat(timespec="seconds")

    def add(card: Card) -> Card:
        return structs.replace(card, notes=(*card.notes, Note(wall, text, at)))

    change_card(folder, add)
    return folder


def label(shelf: Shelf, name: str, rep: str | None, customer: str | None) -> Path:
    """Say whose call it was; None leaves a name as it is. Return its folder."""
    folder = shelf.find(name)

    def change(card: Card) -> Card:
        return structs.replace(
            card,
            rep=card.rep if rep is None else rep,
            customer=card.customer if customer is None else customer,
        )

    change_card(folder, change)
    return folder


def tag(shelf: Shelf, name: str, tags: Sequence[str], *, remove: bool) -> tuple[str, ...]:
    """Give a call tags, or take them away; return those that it has now."""
    if not all(one.strip() for one in tags):
        raise StoreError("a tag is empty; give a word")

    def change(card: Card) -> Card:
        kept = [one for one in card.tags if one not in tags]
        return structs.replace(card, tags=tuple(kept if remove else dict.fromkeys((*kept, *tags))))

    return change_card(shelf.find(name), change).tags


def delete_calls(shelf: Shelf, names: Iterable[str], terminal: Terminal) -> None:
    """Delete calls, each with all that is in its folder."""
    for folder in [shelf.find(name) for name in names]:
        delete(folder)
        terminal.print(Text(f"deleted {folder.name}"))


def old_calls(shelf: Shelf, age: timedelta, now: datetime) -> list[Path]:
    """The calls that pruning would delete."""
    return list(outdated(shelf, age, now))


def prune_calls(shelf: Shelf, age: timedelta, now: datetime, terminal: Terminal) -> None:
    """Delete the calls that are older."""
    prune(shelf, age, now, lambda folder: terminal.print(Text(f"deleted {folder.name}")))


def keep_at_most(shelf: Shelf, age: timedelta | None) -> None:
    """Set for how long calls are kept from now on; None is for ever."""
    write_rules(shelf, Rules(age.days if age else None))
