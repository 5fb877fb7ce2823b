"""What the rep does with a line: asks, argues, gives, sums up."""

from collections.abc import Iterator

from msgspec import structs

from copilot.dialogue.grammar import Parser
from copilot.dialogue.judge import FORMS, NOTHING, Model, crossed, flags
from copilot.dialogue.meaning import Sense
from copilot.dialogue.network import Thinker
from copilot.dialogue.playbook import Playbook
from copilot.dialogue.reading import Look, likely
from copilot.dialogue.request import Requests
from copilot.dialogue.space import Encoder
from copilot.dialogue.talk import Found, Reading, Talk
from copilot.dialogue.turns import Turner
from copilot.events import ActKind, Speaker

SURE_WHY = 1.8  # odds from which a question asks why though nobody has just said no
STATED = 1.33  # odds from which what is no question in form asks for the decision
CALLED = 2  # words that can be a name
COURTESY = f"{ActKind.CLOSED_QUESTION}.courtesy"  # as the network calls it
BY_FORM = ("net:open_question", "net:closed_question", "net:choice_question",
           "net:closing_question", "net:why_question")  # fmt: skip


class RepReader:
    """Reads a line of the rep."""

    def __init__(
        self, playbook: Playbook, encoder: Encoder, thinker: Thinker, model: Model
    ) -> None:
        self._parser, self.model, self._thinker = Parser(playbook.grammar), model, thinker
        self._greetings, self._courtesy = playbook.grammar.greetings, playbook.words.courtesy
        self._requests = Requests(playbook.words.steps, playbook.words.negations)
        examples, own = structs.asdict(playbook.examples.rep), structs.asdict(playbook.own.rep)
        turner = Turner(playbook.words, self._parser)
        self._sense = Sense(encoder, examples, playbook.words.certain, own, turner)

    def look(self, text: str, talk: Talk) -> Look:
        """Return what is to be seen of a line where it stands in the talk."""
        sight = self._sense.begin(text)
        thought = self._thinker.think(talk.lines, Speaker.REP, text)
        look = Look(text, sight.result(), self._parser, thought)
        look.features |= flags(agreed=talk.agreed, refused=talk.refused)
        look.features |= talk.known(look.words)
        look.features |= {f"after:{talk.before}": 1.0}
        look.features |= crossed(look.form, look.features, BY_FORM)
        return look

    def read(self, text: str, talk: Talk, *, brief: bool) -> Reading:
        """Return the acts of a line; a brief one can be a backchannel."""
        look = self.look(text, talk)
        chances = likely(look, self.model, talk, self._greetings, brief=brief)
        kinds = chances.found
        if not talk.refused and kinds.get(ActKind.WHY_QUESTION, SURE_WHY) < SURE_WHY:
            del kinds[ActKind.WHY_QUESTION]
        stated = not any(form in kinds for form in FORMS)
        if stated and kinds.get(ActKind.CLOSING_QUESTION, STATED) < STATED:
            del kinds[ActKind.CLOSING_QUESTION]  # half of such statements ask nothing
        self._settle(kinds, look)
        found = chances.marked(self._found(kinds, look))
        asks = any(one.kind in FORMS for one in found)
        return Reading(found, look.thought.kept, asks, chances.possible)

    @staticmethod
    def _settle(kinds: dict[ActKind, float], look: Look) -> None:
        """Let the acts that exclude each other do so."""
        if ActKind.QUID_PRO_QUO in kinds:
            kinds.pop(ActKind.ARGUMENT, None)
            kinds.pop(ActKind.GIVEAWAY, None)
        if ActKind.WHY_QUESTION in kinds:
            kinds[ActKind.OPEN_QUESTION] = max(kinds.values()) + 1.0
            kinds.pop(ActKind.CLOSING_QUESTION, None)
        formed = look.twin is not None and bool(look.twin & {*FORMS, NOTHING})  # by an example
        if look.tells_how and not formed:
            asked = kinds.pop(ActKind.CLOSED_QUESTION, 1.0)
            kinds[ActKind.OPEN_QUESTION] = max(asked, kinds.get(ActKind.OPEN_QUESTION, 0.0))
        short = len(look.words.split()) <= CALLED and look.question is None and not formed
        if short and ActKind.CLOSED_QUESTION in kinds:  # a name: "Mr Jones?"
            del kinds[ActKind.CLOSED_QUESTION]
            kinds.pop(ActKind.CLOSING_QUESTION, None)
        forms = sorted((one for one in FORMS if one in kinds), key=lambda one: -kinds[one])
        for form in forms[1:]:
            del kinds[form]

    def _found(self, kinds: dict[ActKind, float], look: Look) -> Iterator[Found]:
        for kind in kinds:
            evidence = look.shows(kind)
            if kind in FORMS:
                if look.question is not None:
                    evidence = look.question.text
                closed = kind is ActKind.CLOSED_QUESTION
                yield Found(kind, evidence, courtesy=closed and self._is_courtesy(look))
            elif kind is ActKind.CLOSING_QUESTION:
                asked = look.question.text if look.question else evidence
                yield Found(kind, evidence, step=self._requests.step(asked, look.text))
            else:
                yield Found(kind, evidence)

    def _is_courtesy(self, look: Look) -> bool:
        """Whether a closed question is about identity, permission or the connection."""
        return look.thought.logits.get(COURTESY, 0.0) > 0.0 or look.has(self._courtesy)
