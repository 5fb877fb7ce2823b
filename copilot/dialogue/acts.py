"""Lines to acts: form and sense together, in the light of what the other said before."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from copilot.dialogue.customer import CustomerReader
from copilot.dialogue.floor import Floor
from copilot.dialogue.judge import load_models
from copilot.dialogue.playbook import Playbook
from copilot.dialogue.prepared import Prepared
from copilot.dialogue.rep import RepReader
from copilot.dialogue.space import Encoder
from copilot.dialogue.talk import Found, Talk
from copilot.events import Act, Line, Said, Speaker


class Understanding:
    """What is learned from a playbook, once for any number of calls.

    Args:
        playbook: of the language that is spoken.
        encoder: of sentences.
    """

    def __init__(self, playbook: Playbook, encoder: Encoder) -> None:
        self.playbook, self.encoder = playbook, encoder

    @cached_property
    def readers(self) -> dict[Speaker, RepReader | CustomerReader]:
        """What reads a line of each speaker; learns from the examples on first use."""
        self.encoder.encode(["."])  # loaded now, lest the first line of a call wait for it
        models = load_models()
        return {
            Speaker.REP: RepReader(self.playbook, self.encoder, models[Speaker.REP]),
            Speaker.CUSTOMER: CustomerReader(self.playbook, self.encoder, models[Speaker.CUSTOMER]),
        }


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
        self._readers = learned.readers
        self._prepared = Prepared(learned.encoder, questions, playbook.thresholds.same_prepared)

    def understand(self, line: Line) -> Said:
        """Return the line with its acts."""
        slight = self._talk.slight(line)
        if slight is not None:
            return self._talk.told(line, tuple(self._acts(line, slight)))
        reading = self._readers[line.speaker].read(line.text, self._talk)
        prepared = self._prepared.heard(line.text) if line.speaker is Speaker.REP else None
        acts = tuple(self._acts(line, reading.acts))
        return self._talk.told(line, acts, asks=reading.asks, prepared=prepared)

    @staticmethod
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
            )
