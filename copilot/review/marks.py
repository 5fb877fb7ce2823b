"""Where things stand on the time line of a page, in percent of its width."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from copilot.events import Bookmarked, Cue, Event, Line, Lost, Skipped, Speaker
from copilot.figures.closings import Closing
from copilot.figures.told import Words, seconds
from copilot.sinks.severity import Severity, severity

TICKS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)  # s between two marks of time
MOST_TICKS = 10
SLACK = 0.05  # s by which an anchor may stand beside its line


class Bar(Struct, frozen=True):
    """A stretch on a lane."""

    left: float  # %
    width: float  # %
    kind: str


class Mark(Struct, frozen=True):
    """A cue on the time line."""

    left: float  # %
    at: float  # s
    hear: float  # s, from where it is to be heard
    severity: Severity
    text: str


class Said(Struct, frozen=True):
    """A line, a cue, a bookmark or a loss, in its place in the transcript."""

    at: float  # s, from where it is to be heard
    end: float
    kind: str  # rep, customer, cue, mark, lost
    text: str
    cue: Cue | None = None
    severity: Severity | None = None


class Timeline(Struct, frozen=True):
    """The drawing above the transcript."""

    length: float  # s
    rep: tuple[Bar, ...]
    customer: tuple[Bar, ...]
    silences: tuple[Bar, ...]
    cues: tuple[Mark, ...]
    bookmarks: tuple[float, ...]  # %
    ticks: tuple[tuple[float, float], ...]  # %, s


def draw(events: Sequence[Event], closings: Iterable[Closing], length: float) -> Timeline:
    """Place everything on a line of so many seconds."""
    length = max(length, 1.0)

    def bars(speaker: Speaker) -> tuple[Bar, ...]:
        own = [one for one in events if isinstance(one, Line) and one.speaker is speaker]
        return tuple(_bar(one.start, one.end, length, speaker) for one in own)

    silences = [
        _bar(one.end, one.end + one.held, length, "kept" if one.kept else "broken")
        for one in closings
        if one.held > 0
    ]
    cues = [
        Mark(
            round(100 * one.anchor / length, 3),
            one.anchor,
            cause(one, events),
            severity(one.name),
            one.text,
        )
        for one in events
        if isinstance(one, Cue)
    ]
    flags = [round(100 * one.moment / length, 3) for one in events if isinstance(one, Bookmarked)]
    return Timeline(
        length,
        bars(Speaker.REP),
        bars(Speaker.CUSTOMER),
        tuple(silences),
        tuple(cues),
        tuple(flags),
        tuple(_ticks(length)),
    )


def cause(cue: Cue, events: Iterable[Event]) -> float:
    """The start of the line that caused a cue: whoever plays the cue hears why it came."""
    lines = [one for one in events if isinstance(one, Line) and one.start <= cue.due]
    quoted = [one.start for one in lines if cue.because and cue.because in one.text]
    around = [one.start for one in lines if one.start <= cue.anchor <= one.end + SLACK]
    return max(quoted or around, default=max(0.0, cue.anchor))


def heard_from(at: float, events: Iterable[Event]) -> float:
    """The start of the line in which a moment lies, or which ends there; else the moment."""
    lines = (one for one in events if isinstance(one, Line))
    around = [one.start for one in lines if one.start <= at + SLACK and at <= one.end + SLACK]
    return max(around, default=at)


def spoken(events: Sequence[Event], words: Words) -> list[Said]:
    """The transcript with its cues, in the order of time."""
    placed = sorted(_spoken(events, words), key=lambda pair: pair[0])
    return [said for _, said in placed]


def _spoken(events: Sequence[Event], words: Words) -> Iterator[tuple[float, Said]]:
    """Everything with the moment at which it belongs."""
    for one in events:
        if isinstance(one, Line):
            yield one.start, Said(one.start, one.end, one.speaker, one.text)
        elif isinstance(one, Cue):
            heard = cause(one, events)
            yield one.due, Said(heard, one.due, "cue", one.text, one, severity(one.name))
        elif isinstance(one, Bookmarked):
            yield one.moment, Said(heard_from(one.moment, events), one.moment, "mark", "")
        elif isinstance(one, Skipped):
            missing = one.end - one.start
            yield one.start, Said(one.start, one.end, "lost", seconds(missing, words))
        elif isinstance(one, Lost):
            yield one.at, Said(one.at, one.at, "lost", seconds(one.seconds, words))


def _bar(start: float, end: float, length: float, kind: str) -> Bar:
    left = 100 * start / length
    return Bar(round(left, 3), round(min(100 - left, 100 * (end - start) / length), 3), kind)


def _ticks(length: float) -> Iterator[tuple[float, float]]:
    step = next((one for one in TICKS if length / one <= MOST_TICKS), TICKS[-1])
    for number in range(int(length // step) + 1):
        yield round(100 * number * step / length, 3), float(number * step)
