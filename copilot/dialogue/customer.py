"""What the customer does with a line: agrees, refuses, hesitates, shows a need."""

from collections.abc import Iterator

from msgspec import structs

from copilot.dialogue.grammar import Parser
from copilot.dialogue.judge import Model, crossed, flags
from copilot.dialogue.meaning import Sense
from copilot.dialogue.playbook import CustomerExamples, Playbook
from copilot.dialogue.reading import ENOUGH, Look, likely, views
from copilot.dialogue.space import Encoder
from copilot.dialogue.talk import Found, Reading, Talk
from copilot.events import ActKind, Reason

RHETORICAL = 0.7  # probability from which a question voices a no
WEIGHED = ("affirms", "denies", "contrast", "negation", "question_mark", "length",
           "whole:yes", "whole:no", "whole:hesitation")  # fmt: skip  # by what was asked


class CustomerReader:
    """Reads a line of the customer."""

    def __init__(self, playbook: Playbook, encoder: Encoder, model: Model) -> None:
        self._parser, self._model, self._words = Parser(playbook.grammar), model, playbook.words
        self._joints, self._greetings = playbook.grammar.joints, playbook.grammar.greetings
        examples = _examples(playbook.examples.customer)
        self._sense = Sense(encoder, examples, playbook.words.certain)

    def look(self, text: str, talk: Talk) -> Look:
        """Return what is to be seen of a line where it stands in the talk."""
        look = Look(text, self._sense, self._parser, self._joints)
        words = self._words
        affirms, contrast = look.starts(words.affirming), look.has(words.contrast)
        look.features |= flags(
            affirms=affirms,
            denies=look.starts(words.denying),
            contrast=contrast,
            takes_back=affirms and contrast,
            negation=look.has(words.negations),
            agreed=talk.agreed,
        )
        look.features |= {f"asked:{talk.asked}": 1.0, f"after:{talk.before}": 1.0}
        look.features |= crossed(talk.asked, look.features, WEIGHED)
        return look

    def read(self, text: str, talk: Talk) -> Reading:
        """Return the acts of a line."""
        looks = [self.look(one, talk) for one in views(text)]
        look = looks[0]
        kinds = likely(looks, self._model, talk, self._greetings)
        asks = self._parser.asks_back(text)
        if asks and kinds.get(ActKind.NO, 1.0) < RHETORICAL:
            del kinds[ActKind.NO]
        elif not asks and not kinds and self._declines(look, talk):
            kinds[ActKind.NO] = ENOUGH
        self._exclude(kinds)
        return Reading(tuple(self._found(kinds, look)), asks=asks)

    def _declines(self, look: Look, talk: Talk) -> bool:
        """A "no" with more negation behind it, to what is no question about facts."""
        flags_of = look.features
        pressed = talk.asked in ("nothing", ActKind.CLOSING_QUESTION)
        denied = "denies" in flags_of and "affirms" not in flags_of
        _, _, rest = look.words.partition(" ")
        return pressed and denied and Look.among(rest, self._words.negations)

    @staticmethod
    def _exclude(kinds: dict[ActKind, float]) -> None:
        """Let the acts that exclude each other do so: the likelier one stays."""
        if ActKind.FINAL_NO in kinds:
            kinds[ActKind.NO] = 1.0
        for kind, others in EXCLUDED.items():
            if kind in kinds and any(kinds.get(one, 0.0) > kinds[kind] for one in others):
                del kinds[kind]

    @staticmethod
    def _found(kinds: dict[ActKind, float], look: Look) -> Iterator[Found]:
        for kind in kinds:
            refusal = kind in (ActKind.NO, ActKind.FINAL_NO)
            reason = max(Reason, key=lambda one: look.score(f"no.{one}").value) if refusal else None
            yield Found(kind, look.shows(kind), reason)


EXCLUDED = {  # an act, and those that it cannot stand beside
    ActKind.YES: (ActKind.NO, ActKind.HESITATION),
    ActKind.NO: (ActKind.YES, ActKind.HESITATION),
    ActKind.HESITATION: (ActKind.YES, ActKind.NO),
    ActKind.PRO: (ActKind.NO,),
}


def _examples(examples: CustomerExamples) -> dict[str, list[str]]:
    """The examples by act, the reasons of a no beside them."""
    by_act = structs.asdict(examples)
    reasons = {f"no.{reason}": examples.no.get(reason, []) for reason in Reason}
    refusals = [line for lines in reasons.values() for line in lines]
    return {**by_act, **reasons, "no": [*refusals, *examples.final_no]}
