"""What a closing question asks for: an order, a trial, a visit, a call."""

from collections.abc import Mapping, Sequence

from copilot.dialogue.space import plain
from copilot.events import Step

COMPOUND = 5  # letters of a word from which it also counts at the end of a longer one (Dutch)
POINTING = 4  # words of a question that may only point back at what was said before it
ORDER = (Step.LESS, Step.TRIAL, Step.ORDER, Step.VISIT, Step.CALL)  # the first that is named


class Requests:
    """Tells the size of a request by the words of the playbook.

    Args:
        steps: phrases by what they ask for.
        negations: words that take the next one back: "no contract".
    """

    def __init__(self, steps: Mapping[Step, Sequence[str]], negations: Sequence[str]) -> None:
        self._steps = {step: [plain(phrase).split() for phrase in steps[step]] for step in steps}
        self._negations = frozenset(negations)

    def step(self, question: str, line: str) -> Step | None:
        """What a question asks for; a short one may mean what its line said before it."""
        words = plain(question).split()
        if len(words) <= POINTING:
            words = plain(line).split()
        return next((step for step in ORDER if self._named(step, words)), None)

    def _named(self, step: Step, words: Sequence[str]) -> bool:
        return any(self._at(words, phrase) for phrase in self._steps.get(step, ()))

    def _at(self, words: Sequence[str], phrase: Sequence[str]) -> bool:
        length = len(phrase)
        return any(
            _same(words[place : place + length], phrase)
            and not (place and words[place - 1] in self._negations)
            for place in range(len(words) - length + 1)
        )


def _same(words: Sequence[str], phrase: Sequence[str]) -> bool:
    if len(phrase) == 1 and len(phrase[0]) >= COMPOUND:
        return words[0].endswith(phrase[0])
    return list(words) == list(phrase)
