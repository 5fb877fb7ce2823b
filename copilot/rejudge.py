"""Judges a stored call again, with another playbook and without sound, and tells what changed."""

from collections.abc import Iterator, Sequence
from heapq import merge
from pathlib import Path

from msgspec import Struct, structs
from rich.console import Console as Terminal
from rich.text import Text

from copilot.app import advised, learn
from copilot.dialogue.playbook import load_playbook, worded
from copilot.dialogue.prepared import read_questions
from copilot.errors import SourceError
from copilot.events import Act, Bookmarked, Cue, Ended, Event, Line, Started, Unlogged
from copilot.figures.told import clock
from copilot.report import read_reviewed
from copilot.review.page import Reviewed
from copilot.sinks.eventlog import EventLog
from copilot.sinks.text import clean
from copilot.sources.stored import Stored
from copilot.store.shelf import Shelf

SAME = 0.05  # s within which a cue is still the same one, and due at the same moment


class Judged(Struct, frozen=True):
    """A log before and after."""

    before: tuple[Event, ...]
    after: tuple[Event, ...]


def rejudge(
    shelf: Shelf, name: str, playbook: Path | None, questions: Path | None, events: Path | None
) -> Judged:
    """Judge a call of the store, or of a log, again.

    Args:
        shelf: of the calls.
        name: of the call, or the path of its log.
        playbook: a team's own; None is the language's.
        questions: prepared ones; None are those that the call had.
        events: write the new log here.

    Raises:
        CopilotError: no such call, a mistake in the playbook, a log without a beginning.
    """
    call, _ = read_reviewed(shelf, name)
    if events and any(one and one.resolve() == events.resolve() for one in (Path(name), playbook)):
        raise SourceError(f"{events}: is read for this; name another file for --events")
    asked = read_questions(questions) if questions else list(call.card.questions)
    after = tuple(_judged(call, playbook, asked))
    if events is not None:
        with EventLog(events) as log:
            for event in after:
                log.emit(event)
    return Judged(tuple(call.events), after)


def _judged(call: Reviewed, playbook: Path | None, questions: Sequence[str]) -> Iterator[Event]:
    first = call.events[0]
    if not isinstance(first, Started):
        raise SourceError(f"{call.name}: its log has no beginning; replay the recording instead")
    own = load_playbook(first.language, playbook)
    cues = worded(own, call.card.ui_language or first.language).cues
    judge = advised(learn(structs.replace(own, cues=cues)), questions)
    told = (event for heard in Stored(call.events).heard() for event in judge.hear(heard))
    marks = (event for event in call.events if isinstance(event, Bookmarked))
    yield first
    for event in merge(marks, told, key=lambda one: one.at):
        if not isinstance(event, Unlogged):
            yield event
    last = call.events[-1]
    yield last if isinstance(last, Ended) else Ended(last.at, "the log was cut off")


def print_changes(judged: Judged, terminal: Terminal) -> None:
    """Print cues that are new (+), gone (-), due or worded otherwise (~); lines with other acts."""
    rows = [*changed_cues(judged), *changed_acts(judged)]
    for row in rows:
        terminal.print(Text(clean(row)), soft_wrap=True)
    same = sum(isinstance(event, Cue) for event in judged.after) - sum(
        row.startswith(("+", "~")) for row in rows
    )
    terminal.print(Text(f"{same} cues as before"))


def changed_cues(judged: Judged) -> Iterator[str]:
    """One row for each cue that is not as it was, in the order of the call."""
    left = [event for event in judged.before if isinstance(event, Cue)]
    rows: list[tuple[float, str]] = []
    for cue in (event for event in judged.after if isinstance(event, Cue)):
        same = next((one for one in left if _same(one, cue)), None)
        if same is None:
            rows.append((cue.anchor, _row("+", cue)))
        else:
            left.remove(same)
            if abs(same.due - cue.due) >= SAME:
                moved = f"[due at {same.due:.1f} > {cue.due:.1f} s]"
                rows.append((cue.anchor, f"{_row('~', cue)}  {moved}"))
            elif same.text != cue.text:
                rows.append((cue.anchor, _row("~", cue)))
    rows.extend((cue.anchor, _row("-", cue)) for cue in left)
    return (row for _, row in sorted(rows, key=lambda one: one[0]))


def changed_acts(judged: Judged) -> Iterator[str]:
    """One row for each line that does something else now."""
    before, after = _acts(judged.before), _acts(judged.after)
    for line, kinds in after.items():
        old = before.get(line, ())
        if set(old) != set(kinds):
            told = f"{' '.join(old) or 'nothing'} > {' '.join(kinds) or 'nothing'}"
            yield f"  {clock(line.start)}  {line.speaker}: {line.text}  [{told}]"


def _acts(events: Sequence[Event]) -> dict[Line, tuple[str, ...]]:
    """The acts of each line."""
    found: dict[Line, tuple[str, ...]] = {event: () for event in events if isinstance(event, Line)}
    by_place = {(line.speaker, line.start, line.end): line for line in found}
    for act in events:
        if isinstance(act, Act):
            line = by_place.get((act.speaker, act.start, act.end))
            if line is not None:
                found[line] = (*found[line], act.kind)
    return found


def _same(one: Cue, other: Cue) -> bool:
    return one.name is other.name and abs(one.anchor - other.anchor) < SAME


def _row(sign: str, cue: Cue) -> str:
    return f"{sign} {clock(cue.anchor)}  {cue.name}: {cue.text}  “{cue.because}”"
