"""How late the events of a paced replay are told, by the true times of the call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.events import Cue, CueName, Line, Speaker

from .calls import Call, Expected
from .command import Run
from .matching import Found, match

WAIT = {CueName.HOLD_SILENCE: 0.6, CueName.SILENCE_BROKEN: 0.5}  # s, anchor to due
KIND = {CueName.HOLD_SILENCE: "hold", CueName.SILENCE_BROKEN: "broken"}
NEAR = 1.5  # s between the anchor of a cue that is due and of the one that came
SAME = 0.02  # s; the scripts' times are rounded


@dataclass(frozen=True)
class Delays:
    """Seconds late of everything told, by kind, and how many there should be."""

    late: Mapping[str, list[float]]
    expected: Mapping[str, int]

    def of(self, kind: str) -> list[float]:
        """The delays of one kind."""
        return self.late[kind]


def read_delays(calls: Sequence[Call], runs: Sequence[Run]) -> Delays:
    """Read the delays from the logs of a pipeline, one of each call."""
    late: dict[str, list[float]] = {"text": [], "hold": [], "broken": []}
    expected = {"text": 0, "hold": 0, "broken": 0}
    for call, run in zip(calls, runs, strict=True):
        found = list(_found(run))
        late["text"] += _text_delays(call, found)
        expected["text"] += len(call.spoken)
        for cue in _plain_cues(call):
            late[KIND[cue.name]] += _cue_delay(cue, call, run, found)
            expected[KIND[cue.name]] += 1
    return Delays(late, expected)


def _plain_cues(call: Call) -> Iterator[Expected]:
    """The cues that come a fixed time after their anchor, unless nobody was to be disturbed."""
    for cue in call.expected:
        if cue.name in WAIT and abs(cue.due - cue.anchor - WAIT[cue.name]) < SAME:
            yield cue


def _found(run: Run) -> Iterator[Found]:
    for told in run.told:
        if isinstance(told.event, Line):
            line = told.event
            yield Found(line.speaker, line.start, line.end, run.since_begun(told))


def _text_delays(call: Call, found: Sequence[Found]) -> Iterator[float]:
    """Of every line but those that run on into a later one; that one counts."""
    for one in match(call.spoken, found):
        if one.found and one.last:
            yield one.found[-1].known - one.spoken.end


def _cue_delay(cue: Expected, call: Call, run: Run, found: Sequence[Found]) -> list[float]:
    """Seconds from anchor to cue; nothing when it did not come."""
    if run.version == "plain":
        return _earliest(cue, call, found)
    return [
        run.since_begun(told) - cue.anchor
        for told in run.told
        if isinstance(told.event, Cue)
        and told.event.name is cue.name
        and abs(told.event.anchor - cue.anchor) < NEAR
    ][:1]


def _earliest(cue: Expected, call: Call, found: Sequence[Found]) -> list[float]:
    """When a pipeline that has only lines could give the cue: once it has the text."""
    for one in match(call.spoken, found):
        if one.spoken.speaker is not Speaker.REP or not one.found:
            continue
        edge = one.spoken.end if cue.name is CueName.HOLD_SILENCE else one.spoken.start
        if abs(edge - cue.anchor) < SAME:
            return [max(WAIT[cue.name], one.found[-1].known - cue.anchor)]
    return []
