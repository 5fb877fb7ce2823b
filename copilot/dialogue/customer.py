"""What the customer does with a line: agrees, refuses, hesitates, shows a need."""

from collections.abc import Iterator

from msgspec import structs

from copilot.dialogue.grammar import Parser
from copilot.dialogue.judge import Model, crossed, flags
from copilot.dialogue.meaning import Sense
from copilot.dialogue.network import Thinker
from copilot.dialogue.playbook import CustomerExamples, Playbook
from copilot.dialogue.reading import Look, likely
from copilot.dialogue.space import Encoder
from copilot.dialogue.talk import Found, Reading, Talk
from copilot.dialogue.turns import Turner
from copilot.events import ActKind, Reason, Speaker

BY_QUESTION = (
    *("affirms", "denies", "contrast", "negation", "question_mark", "length"),
    *("known_backchannel", "net:backchannel", "net:yes", "net:no", "net:hesitation"),
)
RHETORICAL = 1.7  # odds from which a question voices a no, or a yes without the word
ANSWERED = ("closed_question", "closing_question", "courtesy", "prepared")  # by a bare "yes"
NETWORK = 0.25  # weight of the network's logit for a reason beside the examples' score


class CustomerReader:
    """Reads a line of the customer."""

    def __init__(
        self, playbook: Playbook, encoder: Encoder, thinker: Thinker, model: Model
    ) -> None:
        self._parser, self.model, self._thinker = Parser(playbook.grammar), model, thinker
        self._words, self._greetings = playbook.words, playbook.grammar.greetings
        self._affirming = frozenset(playbook.words.affirming)
        examples = examples_by_act(playbook.examples.customer)
        own = examples_by_act(playbook.own.customer)
        turner = Turner(playbook.words, self._parser)
        self._sense = Sense(encoder, examples, playbook.words.certain, own, turner)

    def look(self, text: str, talk: Talk) -> Look:
        """Return what is to be seen of a line where it stands in the talk."""
        sight = self._sense.begin(text)
        thought = self._thinker.think(talk.lines, Speaker.CUSTOMER, text)
        look = Look(text, sight.result(), self._parser, thought)
        words = self._words
        affirms, contrast = look.starts(words.affirming), look.has(words.contrast)
        look.features |= flags(
            affirms=affirms,
            denies=look.starts(words.denying),
            contrast=contrast,
            takes_back=affirms and contrast,
            negation=look.has(words.negations),
            asks=self._parser.asks_back(text),
            agreed=talk.agreed,
        )
        look.features |= {f"asked:{talk.asked}": 1.0, f"after:{talk.before}": 1.0}
        look.features |= talk.known(look.words)
        look.features |= crossed(talk.asked, look.features, BY_QUESTION)
        return look

    def read(self, text: str, talk: Talk, *, brief: bool) -> Reading:
        """Return the acts of a line; a brief one can be a backchannel."""
        look = self.look(text, talk)
        chances = likely(look, self.model, talk, self._greetings, brief=brief)
        kinds, possible = chances.found, chances.possible
        if "asks" in look.features:
            possible -= self._question(kinds, look)
        if look.words in self._affirming and talk.asked in ANSWERED:
            kinds.setdefault(ActKind.YES, 1.0)
        self._exclude(kinds)
        found, asks = chances.marked(self._found(kinds, look)), "asks" in look.features
        return Reading(found, look.thought.kept, asks, possible)

    @staticmethod
    def _question(kinds: dict[ActKind, float], look: Look) -> set[ActKind]:
        """Drop and return the answers that a question of the customer's only seems to give."""
        seeming = {ActKind.NO} if "affirms" in look.features else {ActKind.NO, ActKind.YES}
        voiced = {kind for kind in seeming if kinds.get(kind, 0.0) >= RHETORICAL}
        for kind in seeming - voiced:
            kinds.pop(kind, None)
        return seeming - voiced

    @staticmethod
    def _exclude(kinds: dict[ActKind, float]) -> None:
        """Let the acts that exclude each other do so: the likelier one stays."""
        if ActKind.FINAL_NO in kinds:
            kinds[ActKind.NO] = max(kinds.values())
        for kind, others in EXCLUDED.items():
            if kind in kinds and any(kinds.get(one, 0.0) > kinds[kind] for one in others):
                del kinds[kind]

    @staticmethod
    def _found(kinds: dict[ActKind, float], look: Look) -> Iterator[Found]:
        for kind in kinds:
            refusal = kind in (ActKind.NO, ActKind.FINAL_NO)
            yield Found(kind, look.shows(kind), _reason(look) if refusal else None)


EXCLUDED = {  # an act, and those that it cannot stand beside
    ActKind.YES: (ActKind.NO, ActKind.HESITATION),
    ActKind.NO: (ActKind.YES, ActKind.HESITATION),
    ActKind.HESITATION: (ActKind.YES, ActKind.NO),
}


def _reason(look: Look) -> Reason:
    """The likeliest reason of a no; that of an example that says nearly the same."""

    def weight(reason: Reason) -> tuple[bool, float]:
        name = f"no.{reason}"
        like = look.scores[name].value if name in look.scores else 0.0
        same = name in look.within or (look.twin is not None and name in look.twin)
        return same, like + NETWORK * look.thought.logits.get(name, 0.0)

    return max(Reason, key=weight)


def examples_by_act(examples: CustomerExamples) -> dict[str, list[str]]:
    """The examples by act, the reasons of a no beside them."""
    by_act = structs.asdict(examples)
    reasons = {f"no.{reason}": examples.no.get(reason, []) for reason in Reason}
    refusals = [line for lines in reasons.values() for line in lines]
    return {**by_act, **reasons, "no": [*refusals, *examples.final_no]}
