"""What helps under the cue: the rep's list, the customer's own words, what was said."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.text import Text

from copilot.events import ActKind, Speaker
from copilot.sinks.letters import wrap
from copilot.sinks.look import NARROW, fitted
from copilot.sinks.record import Note
from copilot.sinks.scene import Scene
from copilot.sinks.screen import HELP_SHOWN, ScreenState
from copilot.sinks.text import clean

HALF, MORE = 0.5, 0.58  # of the width, for the left of two columns; more if it is the rep's list
CRAMPED = 4  # rows under which only the weightiest is told
ASKED, NEXT, LATER = "✓", "►", "○"
PRO, NO, GIVEN = "+", "✗", "◊"
TITLE = "bold"


def notes(state: ScreenState, scene: Scene, width: int, height: int) -> list[Text]:
    """Return what stands under the block, at most so many rows."""
    if state.now - state.help < HELP_SHOWN:
        return keys(scene, width, height)
    if height < CRAMPED:
        few = transcript(state, scene, width, height) if state.transcript else _short(state, scene)
        return [fitted(row, width) for row in list(few)[:height]]
    below = transcript(state, scene, width, height // 2) if state.transcript else []
    room = height - len(below) - bool(below)
    rows = _one_column(state, scene, room) if width < NARROW else _two(state, scene, width, room)
    if below:
        rows += [Text() for _ in range(room + 1 - len(rows))]
    return [fitted(row, width) for row in (*rows, *below)]


def _one_column(state: ScreenState, scene: Scene, height: int) -> list[Text]:
    left, right = _columns(state, scene, height)
    return [*left, *right][:height]


def _two(state: ScreenState, scene: Scene, width: int, height: int) -> list[Text]:
    first = round((width - 2) * (MORE if scene.questions else HALF))
    left, right = _columns(state, scene, height)
    both = zip_longest(left[:height], right[:height], fillvalue=Text())
    return [
        Text.assemble(fitted(one.copy(), first), "  ", fitted(other.copy(), width - first - 2))
        for one, other in both
    ]


def keys(scene: Scene, width: int, height: int) -> list[Text]:
    """Return what each key does."""
    told = [Text.assemble((f"{label:>2}  ", "bold"), what) for label, what in scene.keys.items()]
    if len(told) > height:  # in columns
        half = (width - 2) // 2
        pairs = zip_longest(told[::2], told[1::2], fillvalue=Text())
        told = [Text.assemble(fitted(one.copy(), half), "  ", other) for one, other in pairs]
    return [fitted(row, width) for row in told[:height]]


def transcript(state: ScreenState, scene: Scene, width: int, height: int) -> list[Text]:
    """Return the last lines, the newest at the bottom."""
    names = {speaker: clean(scene.word(speaker)) for speaker in Speaker}
    longest = max(len(name) for name in names.values()) + 2
    rows: list[Text] = []
    for line in reversed(state.lines):
        told = wrap(clean(line.text), max(1, width - longest))
        first, rest = names[line.speaker], [""] * (len(told) - 1)
        named = [
            Text(f"{name:{longest}}{piece}", style="dim")
            for name, piece in zip([first, *rest], told, strict=True)
        ]
        rows = [*named, *rows]
        if len(rows) >= height:
            break
    return [fitted(row, width) for row in rows[max(0, len(rows) - height) :]]


def _short(state: ScreenState, scene: Scene) -> Iterator[Text]:
    """All that helps in two rows."""
    record = state.record
    rung = state.rung
    first = rung.next if rung else (scene.questions[0] if scene.questions else "")
    if first:
        asked = rung.asked if rung else 0
        yield Text.assemble((f"{NEXT} {asked + 1}/{len(scene.questions)} ", "dim"), clean(first))
    elif record.pros:
        yield Text(f"{PRO} {clean(record.pros[-1].text)}")
    else:
        yield Text()
    told = [f"{scene.word('run')} {state.run}"] if state.run else []
    told += [f"{NO} {_reason(note, scene)}" for note in record.noes[-1:]]
    for word, kind in (("pros", ActKind.PRO), ("giveaways", ActKind.GIVEAWAY)):
        if record.counts.get(kind):
            told.append(f"{scene.word(word).lower()} {record.counts[kind]}")
    yield Text("  ".join(told))


def _columns(state: ScreenState, scene: Scene, height: int) -> tuple[list[Text], list[Text]]:
    record = state.record
    groups = [
        (scene.word("pros"), PRO, record.pros, record.counts.get(ActKind.PRO, 0)),
        (scene.word("noes"), NO, record.noes, record.counts.get(ActKind.NO, 0)),
        (scene.word("giveaways"), GIVEN, record.giveaways, record.counts.get(ActKind.GIVEAWAY, 0)),
    ]
    run = [Text(f"{scene.word('run')} {state.run}", style=TITLE)] if state.run else []
    if scene.questions:
        return _ladder(state, scene, height), list(_groups(groups, scene, height))
    left = [*run, *_groups(groups[:1], scene, height - len(run))]
    return left, list(_groups(groups[1:], scene, height))


def _ladder(state: ScreenState, scene: Scene, height: int) -> list[Text]:
    """The prepared questions from the last one asked before the next, each with its tick."""
    questions, asked = scene.questions, state.asked
    title = Text(f"{scene.word('questions')} {len(asked)}/{len(questions)}", style=TITLE)
    if state.run:
        title.append(f"   {scene.word('run')} {state.run}")
    places = range(1, len(questions) + 1)
    following = next((place for place in places if place not in asked), None)
    rows = [_rung(place, questions[place - 1], asked, following) for place in places]
    room = max(1, height - 1)
    first = min(max(0, (following or len(rows)) - 2), max(0, len(rows) - room))
    return [title, *rows[first : first + room]]


def _rung(place: int, question: str, asked: frozenset[int], following: int | None) -> Text:
    if place in asked:
        return Text(f"{ASKED} {clean(question)}", style="dim")
    if place == following:
        return Text(f"{NEXT} {clean(question)}", style="bold")
    return Text(f"{LATER} {clean(question)}")


Group = tuple[str, str, Sequence[Note], int]


def _groups(groups: Sequence[Group], scene: Scene, height: int) -> Iterator[Text]:
    """Each kind of note under its title, the newest first, as many as there is room for."""
    filled = [group for group in groups if group[2]]
    for place, (title, sign, found, count) in enumerate(filled):
        left = len(filled) - place
        room = min(len(found), max(0, height // left - 1))
        if height < 1:
            return
        told = f"{title} {count}" if count > 1 else title
        yield Text(told, style=TITLE)
        for note in reversed(found[len(found) - room :] if room else ()):
            yield Text(f"{sign} {_labelled(note, scene)}")
        height -= room + 1


def _labelled(note: Note, scene: Scene) -> str:
    reason = f"{_reason(note, scene)}: " if note.reason else ""
    return f"{reason}{clean(note.text)}"


def _reason(note: Note, scene: Scene) -> str:
    return scene.reasons.get(note.reason, note.reason) if note.reason else ""
