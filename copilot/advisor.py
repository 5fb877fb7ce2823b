"""Feeds what was said to the techniques, and keeps one cue on screen: the most important one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from copilot.dialogue.floor import Floor
from copilot.dialogue.thresholds import Thresholds
from copilot.events import (
    Agreed,
    Cue,
    CueCleared,
    CueName,
    Due,
    Health,
    Heard,
    Line,
    Lost,
    Noise,
    Notice,
    Over,
    Said,
    Skipped,
    Speaking,
    Tick,
    Verdict,
    YesRun,
)
from copilot.techniques.technique import Technique

ALWAYS = frozenset({CueName.HOLD_SILENCE, CueName.SILENCE_BROKEN})  # come however often
Advice = Cue | CueCleared | YesRun | Agreed
LASTING = frozenset(
    {CueName.HOLD_SILENCE, CueName.ANSWER_OVERDUE}
)  # stay until their technique takes them back
IMPORTANCE = {name: place for place, name in enumerate(CueName)}


class Advisor:
    """Decides which cues come at all, and which one the rep sees.

    Args:
        techniques: asked in this order; it has no meaning.
        wording: what the rep is told for each cue; a cue without words is switched off.
        thresholds: of which `repeat` and `on_screen` are used here.
        floor: told of everything before the techniques are asked.
    """

    def __init__(
        self,
        techniques: Sequence[Technique],
        wording: Mapping[CueName, str],
        thresholds: Thresholds,
        floor: Floor,
    ) -> None:
        self._techniques, self._wording, self._floor = techniques, wording, floor
        self._t = thresholds
        self._last_due: dict[CueName, float] = {}
        self._showing: Cue | None = None

    def hear(self, heard: Heard, said: Said | None) -> Iterator[Advice]:
        """Take what was heard, with its meaning if it is a line; yield what the rep must know."""
        self._tell_floor(heard, said)
        yield from self._expire(heard.at)
        if said is not None:
            for technique in self._techniques:
                yield from self._weigh(technique.hear(said), heard.at)
        for technique in self._techniques:
            yield from self._weigh(technique.consider(), heard.at)

    def _tell_floor(self, heard: Heard, said: Said | None) -> None:
        self._floor.now = heard.at
        match heard:
            case Speaking():
                self._floor.hear_speech(heard)
            case Line() | Noise() | Skipped():
                self._floor.hear_line(heard, said)
            case Lost() | Tick() | Notice() | Health():
                pass  # the clock is true, and nothing was heard

    def _weigh(self, verdicts: Iterable[Verdict], now: float) -> Iterator[Advice]:
        for verdict in verdicts:
            if isinstance(verdict, Due):
                for technique in self._techniques:
                    technique.notice(verdict)
                yield from self._give(verdict, now)
            elif isinstance(verdict, YesRun | Agreed):
                yield verdict
            else:
                yield from self._take_back(verdict, now)

    def _give(self, due: Due, now: float) -> Iterator[Advice]:
        if due.name not in self._wording or self._too_soon(due):
            return
        self._last_due[due.name] = due.due
        if due.over is not None:
            yield from self._take_back(due.over, now)
        shown = self._showing is None or IMPORTANCE[due.name] <= IMPORTANCE[self._showing.name]
        if shown:
            yield from self._clear("replaced", now)
        text = self._wording[due.name]
        cue = Cue(now, due.name, text, due.because, due.anchor, due.due, shown)
        yield cue
        self._showing = cue if shown else self._showing

    def _take_back(self, over: Over, now: float) -> Iterator[CueCleared]:
        if self._showing is not None and self._showing.name is over.name:
            yield from self._clear(over.why, now)

    def _too_soon(self, due: Due) -> bool:
        last = self._last_due.get(due.name)
        return due.name not in ALWAYS and last is not None and due.due - last < self._t.repeat

    def _expire(self, now: float) -> Iterator[CueCleared]:
        showing = self._showing
        if showing is None or showing.name in LASTING:
            return
        if now - showing.at >= self._t.on_screen:
            yield from self._clear("seen", now)

    def _clear(self, why: str, now: float) -> Iterator[CueCleared]:
        if self._showing is not None:
            yield CueCleared(now, self._showing.name, why)
            self._showing = None
