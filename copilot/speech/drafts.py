"""Lines that are recognised before it is sure that they have ended."""

from concurrent.futures import Future

from copilot.events import Speaker
from copilot.speech.ear import Draft, Utterance
from copilot.speech.recognizer import Recognizer
from copilot.speech.words import Words

Answer = Future[Words | None]


class Drafts:
    """At most one for each speaker; one that proves wrong is thrown away.

    The words of a draft are those of the line, for both are heard from the same samples.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self._begun: dict[Speaker, tuple[Draft, Answer]] = {}

    def begin(self, speaker: Speaker, draft: Draft) -> None:
        """Recognise what has probably been a line."""
        self._drop(speaker)
        self._begun[speaker] = draft, self._recognizer.submit(draft.samples)

    def words(self, utterance: Utterance) -> Answer:
        """The answer for a line that has ended, perhaps under way already."""
        begun = self._begun.get(utterance.speaker)
        unit = utterance.unit
        if begun and unit.last and (begun[0].start, begun[0].end) == (unit.start, unit.end):
            return self._begun.pop(utterance.speaker)[1]
        self._drop(utterance.speaker)
        return self._recognizer.submit(utterance.samples)

    def _drop(self, speaker: Speaker) -> None:
        begun = self._begun.pop(speaker, None)
        if begun is not None:
            begun[1].cancel()  # one that a worker has in hand goes on, unheeded
