"""What the rep does with a line: asks, argues, gives, sums up."""

from collections.abc import Iterator

from msgspec import structs

from copilot.dialogue.grammar import Form, Parser
from copilot.dialogue.judge import Model, crossed, flags
from copilot.dialogue.meaning import Sense
from copilot.dialogue.playbook import Playbook
from copilot.dialogue.reading import Look, likely, views
from copilot.dialogue.space import Encoder
from copilot.dialogue.talk import Found, Reading, Talk
from copilot.events import ActKind

FORMS = {
    Form.OPEN: ActKind.OPEN_QUESTION,
    Form.CLOSED: ActKind.CLOSED_QUESTION,
    Form.CHOICE: ActKind.CHOICE_QUESTION,
}


class RepReader:
    """Reads a line of the rep."""

    def __init__(self, playbook: Playbook, encoder: Encoder, model: Model) -> None:
        self._parser, self._model = Parser(playbook.grammar), model
        self._joints, self._greetings = playbook.grammar.joints, playbook.grammar.greetings
        self._courtesy = playbook.words.courtesy
        self._sense = Sense(encoder, structs.asdict(playbook.examples.rep), playbook.words.certain)

    def look(self, text: str, talk: Talk) -> Look:
        """Return what is to be seen of a line where it stands in the talk."""
        look = Look(text, self._sense, self._parser, self._joints)
        look.features |= flags(agreed=talk.agreed, refused=talk.refused)
        look.features |= flags(courtesy=look.has(self._courtesy))
        wholes = [f"whole:{act}" for act in self._sense.acts]
        look.features |= crossed(look.form, look.features, wholes)
        return look

    def read(self, text: str, talk: Talk) -> Reading:
        """Return the acts of a line."""
        looks = [self.look(one, talk) for one in views(text)]
        look = looks[0]
        kinds = likely(looks, self._model, talk, self._greetings)
        found = {kind: look.shows(kind) for kind in kinds}
        return Reading(tuple(self._settle(found, look)), asks=look.question is not None)

    def _settle(self, found: dict[ActKind, str], look: Look) -> Iterator[Found]:
        """Let the acts that exclude each other do so, and add the form."""
        if ActKind.QUID_PRO_QUO in found:
            found.pop(ActKind.ARGUMENT, None)
            found.pop(ActKind.GIVEAWAY, None)
        form = look.form
        if form in (Form.STATEMENT, Form.CHOICE):
            found.pop(ActKind.WHY_QUESTION, None)
        if ActKind.WHY_QUESTION in found:
            form = Form.OPEN
            found.pop(ActKind.CLOSING_QUESTION, None)
        sums_up = ActKind.RECAP in found and form is Form.CLOSED
        if look.question is not None and not sums_up:
            courtesy = look.has(self._courtesy) and form is Form.CLOSED
            yield Found(FORMS[form], look.question.text, courtesy=courtesy)
        for kind, evidence in found.items():
            yield Found(kind, evidence)
