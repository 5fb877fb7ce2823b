"""A call from a WebVTT transcript, told as if it had been heard and understood perfectly."""

from collections.abc import Iterator
from heapq import merge
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from copilot.errors import SourceError
from copilot.events import Heard, Line, Noise, Speaker, Speaking, Tick
from copilot.sources.files import check_file
from copilot.sources.vtt import Utterance, read_script

TICK = 100  # ms
AFTERMATH = 15_000  # ms that a call goes on after the last word, unless NOTE end says otherwise


class _Turn(NamedTuple):
    speaker: Speaker
    said: Utterance


class _Told(NamedTuple):
    """An event in its place: at one time ends come first, then lines, starts and ticks."""

    at: int  # ms
    rank: int
    event: Heard


class Transcript:
    """Who spoke when, and every line `delay` seconds after its end.

    `rep_name` and `customer_name` are the voices as the file writes them; `rep` and `customer`
    are always understood.
    """

    def __init__(
        self,
        path: Path,
        rep_name: str = "rep",
        customer_name: str = "customer",
        delay: float = 0.0,  # s from the end of a cue until its words are known
    ) -> None:
        self._path = path
        self._names = (rep_name, customer_name)
        self._delay = round(delay * 1000)
        self._turns: list[_Turn] = []
        self._end = 0  # ms
        self.name = path.name

    def __enter__(self) -> Self:
        """Reads the whole file; raises SourceError."""
        check_file(self._path, "a WebVTT transcript")
        script = read_script(self._path)
        speakers = self._speakers(script.utterances)
        turns = [_Turn(speakers[_fold(said.voice)], said) for said in script.utterances]
        self._turns = sorted(
            turns, key=lambda turn: (turn.said.start, turn.speaker is not Speaker.REP)
        )
        self._refuse_overlap()
        last = max(turn.said.end for turn in turns)
        until = last + AFTERMATH if script.end is None else script.end
        self._end = max(until, last + self._delay)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left open."""

    @property
    def length(self) -> float:
        """Seconds until its end."""
        return self._end / 1000

    def heard(self) -> Iterator[Heard]:
        """Yields the call in order of `at`, with a Tick every 0.1 s until its end."""
        events = sorted(self._events(), key=_order)
        ticks = (_Told(at, 3, Tick(at / 1000)) for at in range(TICK, self._end + TICK, TICK))
        for told in merge(events, ticks, key=_order):
            yield told.event

    def _events(self) -> Iterator[_Told]:
        for speaker, said in self._turns:
            start, end = said.start / 1000, said.end / 1000
            known = said.end + self._delay
            yield _Told(said.start, 2, Speaking(start, speaker, on=True, since=start))
            yield _Told(said.end, 0, Speaking(end, speaker, on=False, since=end))
            if said.text:
                line = Line(known / 1000, speaker, start, end, said.text, confidence=1.0)
                yield _Told(known, 1, line)
            else:  # a cough
                yield _Told(known, 1, Noise(known / 1000, speaker, start, end))

    def _speakers(self, utterances: tuple[Utterance, ...]) -> dict[str, Speaker]:
        rep, customer = map(_fold, self._names)
        if rep == customer:
            raise SourceError(
                f"{self._path}: --rep-name and --customer-name are both {self._names[0]!r}; "
                "give each speaker's own name"
            )
        speakers = {"rep": Speaker.REP, "customer": Speaker.CUSTOMER}
        speakers |= {rep: Speaker.REP, customer: Speaker.CUSTOMER}
        strangers = [said for said in utterances if _fold(said.voice) not in speakers]
        if strangers:
            names = ", ".join(dict.fromkeys(said.voice for said in utterances))
            raise SourceError(
                f"{self._path}:{strangers[0].row}: unknown voice {strangers[0].voice!r}; say who "
                f"is who with --rep-name NAME --customer-name NAME (names in the file: {names})"
            )
        return speakers

    def _refuse_overlap(self) -> None:
        for speaker in Speaker:
            own = [turn.said for turn in self._turns if turn.speaker is speaker]
            for one, other in pairwise(own):
                if other.start < one.end:
                    raise SourceError(
                        f"{self._path}:{other.row}: cues of the {speaker} overlap: the one at "
                        f"{one.start / 1000:.3f} s ends at {one.end / 1000:.3f} s, and the next "
                        f"begins at {other.start / 1000:.3f} s; mend the times"
                    )


def language_of(path: Path) -> str | None:
    """The language that a transcript says it is in, if any; raises SourceError."""
    check_file(path, "a WebVTT transcript")
    return read_script(path).language


def _order(told: _Told) -> tuple[int, int]:
    return told.at, told.rank


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())
