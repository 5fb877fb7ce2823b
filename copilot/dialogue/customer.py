"""What the customer does with a line: agrees, refuses, hesitates, shows a need."""

from collections.abc import Iterator, Mapping

from msgspec import structs

from copilot.dialogue.grammar import Form, Parser
from copilot.dialogue.meaning import Score, Sense
from copilot.dialogue.pieces import pieces
from copilot.dialogue.playbook import CustomerExamples, Playbook
from copilot.dialogue.space import Encoder, plain
from copilot.dialogue.talk import Found, Reading, Talk
from copilot.events import ActKind, Line, Reason

ENOUGH: Mapping[ActKind, float] = {  # score from which a line is an act; chosen on the corpus
    ActKind.YES: -0.1,
    ActKind.NO: -0.1,
    ActKind.FINAL_NO: 0.0,
    ActKind.HESITATION: -0.1,
    ActKind.PRO: -0.2,
    ActKind.GOODBYE: -0.2,
}


class CustomerReader:
    """Reads a line of the customer."""

    def __init__(self, playbook: Playbook, encoder: Encoder) -> None:
        self._parser = Parser(playbook.grammar)
        self._joints = playbook.grammar.joints
        words = playbook.words
        self._affirming = [f"{phrase} " for phrase in words.affirming]
        self._denying = [f"{phrase} " for phrase in words.denying]
        self._contrast = [f" {phrase} " for phrase in words.contrast]
        self._sense = Sense(encoder, _examples(playbook.examples.customer), words.certain)

    def read(self, line: Line, talk: Talk) -> Reading:
        """Return the acts of a line."""
        clauses = list(self._parser.clauses(line.text))
        asks = bool(clauses) and clauses[-1].form is not Form.STATEMENT
        parts = pieces(line.text, self._joints)
        whole, *scored = self._sense.scores([line.text, *parts])
        found = {
            kind: parts[max(range(len(parts)), key=lambda part: scored[part][kind].value)]
            for kind, enough in ENOUGH.items()
            if max(whole[kind].value, *(score[kind].value for score in scored)) >= enough
        }
        self._agree(found, line.text, talk, asks=asks)
        self._exclude(found)
        return Reading(tuple(self._acts(found, whole)), asks=asks)

    def _agree(self, found: dict[ActKind, str], text: str, talk: Talk, *, asks: bool) -> None:
        """Weigh the first words of an answer: a yes, a no, or only a negative fact."""
        words = f"{plain(text)} "
        refused = ActKind.NO in found or ActKind.FINAL_NO in found
        hesitant = refused or ActKind.HESITATION in found
        closing = talk.question is not None and talk.question.act(ActKind.CLOSING_QUESTION)
        if any(words.startswith(phrase) for phrase in self._affirming):
            if not hesitant and not asks and not any(phrase in words for phrase in self._contrast):
                found.setdefault(ActKind.YES, text)
            return
        undecided = closing and not hesitant and ActKind.YES not in found
        if undecided and any(words.startswith(phrase) for phrase in self._denying):
            found[ActKind.NO] = text

    @staticmethod
    def _exclude(found: dict[ActKind, str]) -> None:
        """Let the acts that exclude each other do so, the weightier one first."""
        if ActKind.FINAL_NO in found:
            found.setdefault(ActKind.NO, found[ActKind.FINAL_NO])
        if ActKind.NO in found:
            for weaker in (ActKind.YES, ActKind.HESITATION, ActKind.PRO):
                found.pop(weaker, None)
        if ActKind.HESITATION in found:
            found.pop(ActKind.YES, None)

    @staticmethod
    def _acts(found: dict[ActKind, str], scores: Mapping[str, Score]) -> Iterator[Found]:
        for kind, evidence in found.items():
            reason = None
            if kind in (ActKind.NO, ActKind.FINAL_NO):
                reason = max(Reason, key=lambda one: scores[f"no.{one}"].value)
            yield Found(kind, evidence, reason)


def _examples(examples: CustomerExamples) -> dict[str, list[str]]:
    """The examples by act, the reasons of a no beside them."""
    by_act = structs.asdict(examples)
    reasons = {f"no.{reason}": examples.no.get(reason, []) for reason in Reason}
    refusals = [line for lines in reasons.values() for line in lines]
    return {**by_act, **reasons, "no": [*refusals, *examples.final_no]}
