"""Lines to acts: form and sense together, in the light of what the other said before."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct, structs

from copilot.dialogue.customer import CustomerReader
from copilot.dialogue.floor import Floor
from copilot.dialogue.grammar import Parser
from copilot.dialogue.judge import load_models
from copilot.dialogue.network import Thinker
from copilot.dialogue.playbook import Playbook
from copilot.dialogue.prepared import Prepared
from copilot.dialogue.rep import RepReader
from copilot.dialogue.space import Encoder
from copilot.dialogue.talk import Found, Talk
from copilot.events import QUESTIONS, Act, ActKind, Line, Reason, Said, Skipped, Speaker


class Weighed(Struct, frozen=True):
    """How much a sentence is an act."""

    act: str
    score: float  # probability over what is enough for the act: from 1 it is found
    found: bool
    unsure: bool = False  # found, but too doubtful to warn on
    reason: Reason | None = None  # of a no that was found
    nearest: str = ""  # example of that act; empty for an act that is told by its form
    likeness: float = 0.0  # cosine to it


class Understanding:
    """What is learned from a playbook, once for any number of calls.

    Args:
        playbook: of the language that is spoken.
        encoder: of sentences.
        thinker: reads a line behind the lines before it.
    """

    def __init__(self, playbook: Playbook, encoder: Encoder, thinker: Thinker) -> None:
        self.playbook, self.encoder, self._thinker = playbook, encoder, thinker

    @cached_property
    def readers(self) -> dict[Speaker, RepReader | CustomerReader]:
        """What reads a line of each speaker; learns from the examples on first use."""
        self.encoder.encode(["."])  # loaded now, lest the first line of a call wait for it
        self._thinker.think([], Speaker.REP, ".")
        models, given = load_models(), (self.playbook, self.encoder, self._thinker)
        return {
            Speaker.REP: RepReader(*given, models[Speaker.REP]),
            Speaker.CUSTOMER: CustomerReader(*given, models[Speaker.CUSTOMER]),
        }

    def likeliest(self, line: Line, kinds: Sequence[ActKind], talk: Talk) -> ActKind:
        """Which of some acts a line is, by what the network thinks; it is not asked about one."""
        if len(kinds) == 1:
            return kinds[0]
        logits = self._thinker.think(talk.lines, line.speaker, line.text).logits
        return max(kinds, key=lambda kind: logits[kind])

    def weigh(self, sentence: str, speaker: Speaker, after: str | None = None) -> list[Weighed]:
        """How much a sentence by itself is each act, the likeliest first.

        Args:
            sentence: as it would be spoken.
            speaker: who says it.
            after: what the other said just before.
        """
        talk = Talk(self.playbook.words, self.playbook.thresholds, Floor())
        if after is not None:
            line = Line(1.0, speaker.other, 0.0, 1.0, after, 1.0)
            reading = self.readers[speaker.other].read(after, talk, brief=False)
            talk.told(line, tuple(_acts(line, reading.acts)), asks=reading.asks, reading=reading)
        reader = self.readers[speaker]
        look = reader.look(sentence, talk)
        reading = reader.read(sentence, talk, brief=True)
        found = {one.kind: one for one in reading.acts}
        rows = []
        for act, odds in reader.model.odds(look.features, look.twin, look.within).items():
            near = look.scores.get(act)
            example = (near.nearest, near.likeness) if near else ("", 0.0)
            kind = ActKind(act)
            one = found.get(kind, Found(kind, ""))
            rows.append(Weighed(act, odds, kind in found, one.unsure, one.reason, *example))
        return sorted(rows, key=lambda row: (not row.found, -row.score))


class Interpreter:
    """Understands one line of a call after the other, in the order in which they ended.

    Args:
        learned: from the playbook.
        floor: tells who was speaking when.
        questions: the prepared ones.
    """

    def __init__(self, learned: Understanding, floor: Floor, questions: Sequence[str]) -> None:
        playbook = learned.playbook
        self._talk = Talk(playbook.words, playbook.thresholds, floor)
        self._learned, self._readers = learned, learned.readers
        same, parser = playbook.thresholds.same_prepared, Parser(playbook.grammar)
        self._prepared = Prepared(learned.encoder, parser, questions, same)

    def understand(self, line: Line) -> Said:
        """Return the line with its acts."""
        slight = self._talk.slight(line)
        if slight:
            kind = self._learned.likeliest(line, slight, self._talk)
            return self._talk.told(line, tuple(_acts(line, [Found(kind, line.text)])))
        reader, brief = self._readers[line.speaker], self._talk.brief(line)
        reading = reader.read(line.text, self._talk, brief=brief)
        acts = tuple(_acts(line, reading.acts))
        prepared = None
        if line.speaker is Speaker.REP:
            prepared = self._prepared.heard(line.text, reading.acts)
        if prepared is not None:
            acts = self._ticked(line, acts, prepared)
        return self._talk.told(line, acts, asks=reading.asks, prepared=prepared, reading=reading)

    def skip(self, skipped: Skipped) -> Said:
        """Return a line that nobody will ever understand, as one of substance without acts."""
        line = Line(skipped.at, skipped.speaker, skipped.start, skipped.end, "", 0.0)
        return self._talk.told(line, ())

    def _ticked(self, line: Line, acts: tuple[Act, ...], prepared: int) -> tuple[Act, ...]:
        """The acts with the question ticked off; one that sounds like a statement asks too."""
        if not any(act.kind in QUESTIONS for act in acts):
            acts = (*_acts(line, [Found(ActKind.CLOSED_QUESTION, line.text)]), *acts)
        place = next(place for place, act in enumerate(acts) if act.kind in QUESTIONS)
        asked = structs.replace(acts[place], prepared=self._prepared.tick(prepared))
        return (*acts[:place], asked, *acts[place + 1 :])


def _acts(line: Line, found: Sequence[Found]) -> Iterator[Act]:
    for one in found:
        yield Act(
            at=line.at,
            speaker=line.speaker,
            kind=one.kind,
            start=line.start,
            end=line.end,
            evidence=one.evidence,
            reason=one.reason,
            courtesy=one.courtesy,
            step=one.step,
            unsure=one.unsure,
        )
