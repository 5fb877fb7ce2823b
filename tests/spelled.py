"""Calls in which every line says outright what it does, so that only the mechanics are tested.

`no?` is an act that is not sure, `~no` one that the line may be, though likely it is not. Behind a
colon stands the reason of a no, the step of a closing question, or that a question is a `courtesy`.
A customer who asks something back says `asks`.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st
from msgspec import structs

from copilot.advisor import Advisor
from copilot.dialogue.floor import Floor
from copilot.dialogue.thresholds import Thresholds
from copilot.events import Act, ActKind, Cue, CueCleared, CueName, Line, Reason, Said, Speaker, Step
from copilot.sources.transcript import Transcript
from copilot.techniques import TECHNIQUES

ASKS = {
    "closed_question",
    "open_question",
    "choice_question",
    "closing_question",
    "open_question why_question",
    "closing_question argument",
    "argument open_question",
}
REP = [*sorted(ASKS), "argument", "recap", "talk", "talk and more talk than a name", "backchannel"]
SLIGHT = ["backchannel", "filler"]
CUSTOMER = ["yes", "no:other", "no:budget", "final_no", "hesitation", "pro", "talk"]
CUSTOMER += ["backchannel", "filler", "backchannel", "filler", "yes", "yes", "yes"]


class Spoken(NamedTuple):
    speaker: Speaker
    start: float
    end: float
    text: str


class Speller:
    """Takes a line's words for the names of its acts."""

    def __init__(self) -> None:
        self._turn, self._last = 0, Speaker.REP

    def understand(self, line: Line) -> Said:
        said = Said(
            line,
            tuple(_acts(line)),
            self._turn,
            asks=line.text in ASKS or "asks" in line.text.split(),
            possible=frozenset(_kinds(word[1:] for word in line.text.split() if word[0] == "~")),
        )
        if said.substantial and line.speaker is not self._last:
            self._turn, self._last = self._turn + 1, line.speaker
        return structs.replace(said, turn=self._turn)


def _acts(line: Line) -> Iterator[Act]:
    for word in line.text.split():
        name, _, more = word.removesuffix("?").partition(":")
        if name in set(ActKind):
            yield Act(
                line.at,
                line.speaker,
                ActKind(name),
                line.start,
                line.end,
                word,
                reason=Reason(more) if more in set(Reason) else None,
                courtesy=more == "courtesy",
                step=Step(more) if more in set(Step) else None,
                unsure=word[-1] == "?",
            )


def _kinds(words: Iterable[str]) -> Iterator[ActKind]:
    for word in words:
        yield ActKind(word.partition(":")[0])


@st.composite
def calls(draw: st.DrawFn) -> list[Spoken]:
    """Up to twenty lines, some of them over each other, none over one's own."""
    free = dict.fromkeys(Speaker, 1.0)
    spoken, last = [], 1.0
    for _ in range(draw(st.integers(2, 20))):
        speaker = draw(st.sampled_from(Speaker))
        text = draw(st.sampled_from(REP if speaker is Speaker.REP else CUSTOMER))
        gap = draw(st.sampled_from([-0.4, 0.1, 0.3, 0.5, 0.7, 0.9, 1.2, 3.0, 9.5, 12.0, 21.0]))
        lasts = draw(st.sampled_from([0.2, 0.4, 0.9] if text in SLIGHT else [0.4, 0.9, 1.5, 2.6]))
        start = round(max(free[speaker] + 0.25, last + gap), 3)
        last = free[speaker] = round(start + lasts, 3)
        spoken.append(Spoken(speaker, start, last, text))
    return spoken


def write_vtt(path: Path, call: Sequence[Spoken]) -> Path:
    rows = ["WEBVTT"]
    for line in call:
        times = (f"{int(t // 60):02d}:{t % 60:06.3f}" for t in (line.start, line.end))
        rows += ["", " --> ".join(times), f"<v {line.speaker}>{line.text}"]
    path.write_text("\n".join(rows) + "\n")
    return path


def advice(path: Path, delay: float) -> list[Cue | CueCleared]:
    """All that the techniques have to say of such a call."""
    thresholds, floor, speller = Thresholds(), Floor(), Speller()
    techniques = [one(thresholds, floor, 0) for one in TECHNIQUES]
    advisor = Advisor(techniques, dict.fromkeys(CueName, "words"), thresholds, floor)
    given: list[Cue | CueCleared] = []
    with Transcript(path, delay=delay) as transcript:
        for heard in transcript.heard():
            said = speller.understand(heard) if isinstance(heard, Line) else None
            told = advisor.hear(heard, said)
            given += (one for one in told if isinstance(one, Cue | CueCleared))
    return given
