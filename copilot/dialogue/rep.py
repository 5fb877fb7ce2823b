"""What the rep does with a line: asks, argues, gives, sums up."""

from collections.abc import Iterator, Mapping

from msgspec import structs

from copilot.dialogue.grammar import Clause, Form, Parser
from copilot.dialogue.meaning import Sense
from copilot.dialogue.pieces import pieces
from copilot.dialogue.playbook import Playbook
from copilot.dialogue.space import Encoder, plain
from copilot.dialogue.talk import Found, Reading, Talk
from copilot.events import ActKind, Line

FORMS = {
    Form.OPEN: ActKind.OPEN_QUESTION,
    Form.CLOSED: ActKind.CLOSED_QUESTION,
    Form.CHOICE: ActKind.CHOICE_QUESTION,
}
ENOUGH: Mapping[ActKind, float] = {  # score from which a line is an act; chosen on the corpus
    ActKind.CLOSING_QUESTION: -0.15,
    ActKind.WHY_QUESTION: -0.1,
    ActKind.ARGUMENT: -0.2,
    ActKind.RECAP: -0.15,
    ActKind.GIVEAWAY: 0.0,
    ActKind.QUID_PRO_QUO: -0.1,
    ActKind.GOODBYE: -0.2,
}
STATED = 0.25  # more that a closing question needs when it is no question in form
SETTLED = 0.6  # more that it needs once the customer has said yes to one


class RepReader:
    """Reads a line of the rep."""

    def __init__(self, playbook: Playbook, encoder: Encoder) -> None:
        self._parser = Parser(playbook.grammar)
        self._joints = playbook.grammar.joints
        self._courtesy = [f" {phrase} " for phrase in playbook.words.courtesy]
        self._sense = Sense(encoder, structs.asdict(playbook.examples.rep), playbook.words.certain)

    def read(self, line: Line, talk: Talk) -> Reading:
        """Return the acts of a line."""
        asked = [clause for clause in self._parser.clauses(line.text) if clause.form in FORMS]
        question = asked[-1] if asked else None
        found = dict(self._senses(line.text, question, talk))
        return Reading(tuple(self._settle(found, question)), asks=question is not None)

    def _senses(
        self, text: str, question: Clause | None, talk: Talk
    ) -> Iterator[tuple[ActKind, str]]:
        """The acts that a line is by its sense, with the piece that shows each best."""
        parts = pieces(text, self._joints)
        whole, *scored = self._sense.scores([text, *parts])
        for kind, enough in ENOUGH.items():
            best = max(range(len(parts)), key=lambda part: scored[part][kind].value)
            score = max(whole[kind].value, scored[best][kind].value)
            if kind is ActKind.CLOSING_QUESTION:
                enough += STATED * (question is None) + SETTLED * talk.agreed
            if score >= enough:
                yield kind, parts[best]

    def _settle(self, found: dict[ActKind, str], question: Clause | None) -> Iterator[Found]:
        """Let the acts that exclude each other do so, and add the form."""
        if ActKind.QUID_PRO_QUO in found:
            found.pop(ActKind.ARGUMENT, None)
            found.pop(ActKind.GIVEAWAY, None)
        if found.get(ActKind.ARGUMENT) == found.get(ActKind.CLOSING_QUESTION):
            found.pop(ActKind.ARGUMENT, None)
        form = question.form if question else Form.STATEMENT
        if form is Form.STATEMENT or form is Form.CHOICE:
            found.pop(ActKind.WHY_QUESTION, None)
        if ActKind.WHY_QUESTION in found:
            form = Form.OPEN
            found.pop(ActKind.CLOSING_QUESTION, None)
        if question and form in FORMS and not self._sums_up(found, form):
            yield Found(FORMS[form], question.text, courtesy=self._is_courtesy(question.text))
        for kind, evidence in found.items():
            yield Found(kind, evidence)

    @staticmethod
    def _sums_up(found: dict[ActKind, str], form: Form) -> bool:
        """A recap put as a question ("so you want ...") asks nothing."""
        return ActKind.RECAP in found and form is Form.CLOSED

    def _is_courtesy(self, text: str) -> bool:
        padded = f" {plain(text)} "
        return any(phrase in padded for phrase in self._courtesy)
