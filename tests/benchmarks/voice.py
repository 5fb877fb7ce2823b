"""Who speaks when: lines found against lines spoken, and how far off their edges are."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray
from rich.console import Console as Terminal

from copilot.events import Line, Speaking
from copilot.frames import RATE, seconds
from copilot.sources.recording import Recording
from copilot.speech.listener import Listener
from copilot.speech.order import AfterDelay
from copilot.speech.words import Words

from .calls import Call
from .matching import Found, Match, match, stray
from .plain import read_call, stretches
from .tables import Figures, figure, median, percentile, ratio

NOTE = (
    "split: spoken in one breath, found as several lines; joined: found in one line with the one "
    "before; stray: found where nobody spoke. Errors are absolute, in s; 'late' is the p95 of how "
    "long after its first sound (onset) or last sound (end) of the audio clock it is known. The "
    "ratio is that of the lines found to the lines spoken."
)


class Unheard:
    """A recogniser for which every line is the same word."""

    def submit(self, samples: NDArray[np.int16]) -> "Future[Words | None]":
        """Answer at once."""
        words: Future[Words | None] = Future()
        words.set_result(Words(f"{len(samples) / RATE:.2f} s", 1.0))
        return words


def measure(calls: Sequence[Call], terminal: Terminal) -> None:
    """Print the table."""
    columns = ["lines", "ratio", "missed", "split", "joined", "stray"]
    columns += ["onset median", "onset p95", "end median", "end p95", "end late"]
    spoken = sum(len(call.spoken) for call in calls)
    table = Figures(f"Voice: {spoken} lines spoken in {len(calls)} calls", *columns)
    for name, find in (("copilot", copilot_lines), ("plain", plain_lines)):
        matches, found, strays = _matched(calls, find)
        table.add(
            name, str(found), ratio(found, spoken), *_counts(matches, strays), *_edges(matches)
        )
    table.show(terminal, NOTE)
    _show_onsets(calls, terminal)


def copilot_lines(call: Call) -> Iterator[Found]:
    """What the listener finds."""
    for heard in _heard(call):
        if isinstance(heard, Line):
            yield Found(heard.speaker, heard.start, heard.end, heard.at)


def plain_lines(call: Call) -> Iterator[Found]:
    """What webrtcvad finds, mode 3 and 300 ms."""
    for speaker, one in stretches(read_call(call.sound)):
        yield Found(speaker, seconds(one.start), seconds(one.end), seconds(one.at))


def _heard(call: Call) -> Iterator[Line | Speaking]:
    listener = Listener(Unheard(), AfterDelay(0.0))
    with Recording(call.sound) as source:
        for piece in source.blocks():
            yield from (one for one in listener.hear(piece) if isinstance(one, Line | Speaking))
    yield from (one for one in listener.finish() if isinstance(one, Line | Speaking))


def _matched(
    calls: Sequence[Call], find: Callable[[Call], Iterator[Found]]
) -> tuple[list[Match], int, int]:
    matches: list[Match] = []
    lines = strays = 0
    for call in calls:
        found = list(find(call))
        matches += match(call.spoken, found)
        lines += len(found)
        strays += len(stray(call.spoken, found))
    return matches, lines, strays


def _counts(matches: Sequence[Match], strays: int) -> list[str]:
    missed = sum(not one.found for one in matches)
    split = sum(len(one.found) > 1 for one in matches)
    joined = sum(not one.first for one in matches)
    return [str(count) for count in (missed, split, joined, strays)]


def _edges(matches: Sequence[Match]) -> list[str]:
    begun = [one for one in matches if one.found and one.first]
    ended = [one for one in matches if one.found and one.last]
    onsets = [abs(one.found[0].start - one.spoken.start) for one in begun]
    ends = [abs(one.found[-1].end - one.spoken.end) for one in ended]
    late = [one.found[-1].known - one.spoken.end for one in ended]
    values = [median(onsets), percentile(onsets, 95), median(ends), percentile(ends, 95)]
    return [figure(value) for value in [*values, percentile(late, 95)]]


def _show_onsets(calls: Sequence[Call], terminal: Terminal) -> None:
    """How soon it is known that somebody speaks; only the copilot tells it before the end."""
    late = []
    for call in calls:
        told = [one for one in _heard(call) if isinstance(one, Speaking) and one.on]
        for line in call.spoken:
            near = [one.at for one in told if one.speaker is line.speaker]
            late += [at - line.start for at in near if -0.1 <= at - line.start <= 0.5][:1]
    table = Figures("Onset known after the first sound (s, audio clock)", "lines", "median", "p95")
    table.add("copilot", str(len(late)), figure(median(late)), figure(percentile(late, 95)))
    table.show(terminal, "The plain pipeline tells of no onset before it has the line.")
