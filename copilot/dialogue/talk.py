"""What a line's meaning depends on: the turns, the question that is open, who has the floor."""

from msgspec import Struct, structs

from copilot.dialogue.floor import Floor
from copilot.dialogue.judge import flags
from copilot.dialogue.network import BEFORE, Kept
from copilot.dialogue.playbook import Words
from copilot.dialogue.rung import is_courtesy
from copilot.dialogue.space import plain
from copilot.dialogue.thresholds import Thresholds
from copilot.events import QUESTIONS, Act, ActKind, Line, Reason, Said, Speaker, Step

TOLD = (
    ActKind.QUID_PRO_QUO,
    ActKind.ARGUMENT,
    ActKind.RECAP,
    ActKind.GIVEAWAY,
    ActKind.GOODBYE,
    ActKind.YES,
    ActKind.NO,
)


BOTH = 2  # turns


class Found(Struct, frozen=True):
    """An act found in a line, and the words that show it."""

    kind: ActKind
    evidence: str
    reason: Reason | None = None
    courtesy: bool = False
    step: Step | None = None
    unsure: bool = False


class Reading(Struct, frozen=True):
    """What a line does, as read where it stands."""

    acts: tuple[Found, ...]
    kept: Kept | None = None
    asks: bool = False
    possible: frozenset[ActKind] = frozenset()


UNREAD = Reading(())


class Talk:
    """The talk so far, as far as the next line needs it."""

    def __init__(self, words: Words, thresholds: Thresholds, floor: Floor) -> None:
        self._backchannels = frozenset(words.backchannels)
        self._fillers = frozenset(words.fillers)
        self._affirming = frozenset(words.affirming)
        self._t, self._floor = thresholds, floor
        self._last: Said | None = None  # the last line of substance
        self._turn = 0
        self.lines: tuple[Kept, ...] = ()  # the latest of substance
        self.question: Said | None = None  # the rep's, not yet answered
        self.agreed = False  # the customer said yes to a closing question, and holds to it
        self.refused = False  # the customer's last word was a no or a hesitation

    def slight(self, line: Line) -> tuple[ActKind, ...]:
        """Backchannel, filler or both, if the playbook knows the line as no more than that."""
        text, kinds = plain(line.text), []
        if text and (text in self._fillers or all(one in self._fillers for one in text.split())):
            kinds.append(ActKind.FILLER)
        if text in self._backchannels and self.brief(line) and not self._answers(line, text):
            kinds.append(ActKind.BACKCHANNEL)
        return tuple(kinds)

    def _answers(self, line: Line, text: str) -> bool:
        """Whether a word such as "yes" answers, rather than shows listening."""
        if line.speaker is Speaker.REP or text not in self._affirming:
            return False
        return not self._floor.speaking(Speaker.REP, line.end)

    def brief(self, line: Line) -> bool:
        """Whether a line is short enough to be a backchannel."""
        return line.end - line.start <= self._t.backchannel

    def known(self, words: str) -> dict[str, float]:
        """Whether plain words are known as a backchannel or filler, as features."""
        thinks = words in self._fillers or all(word in self._fillers for word in words.split())
        return flags(known_backchannel=words in self._backchannels, known_filler=thinks)

    def told(
        self,
        line: Line,
        acts: tuple[Act, ...],
        *,
        asks: bool = False,
        prepared: int | None = None,
        reading: Reading = UNREAD,
    ) -> Said:
        """Take the line into the talk, and return it with its turn."""
        said = Said(line, acts, self._turn, asks, prepared, reading.possible)
        if not said.substantial:
            return said
        if self._last is None or self._last.speaker is not line.speaker:
            self._turn += 1
        said = structs.replace(said, turn=self._turn)
        self._last = said
        if reading.kept is not None:
            self.lines = (*self.lines, reading.kept)[-BEFORE:]
        if line.speaker is Speaker.REP:
            if said.act(*QUESTIONS) or prepared is not None:
                self.question = said
        elif not asks:
            self._answered(said)
        return said

    def _answered(self, said: Said) -> None:
        self.refused = said.act(ActKind.NO, ActKind.FINAL_NO, ActKind.HESITATION) is not None
        if self.refused:
            self.agreed = False
        elif said.act(ActKind.YES) and self.question is not None:
            self.agreed = self.agreed or self.question.act(ActKind.CLOSING_QUESTION) is not None
        self.question = None

    @property
    def begun(self) -> bool:
        """Whether both have had a turn: before that nobody says goodbye."""
        return self._turn >= BOTH

    @property
    def asked(self) -> str:
        """What kind of question is open."""
        if self.question is None:
            return "nothing"
        if is_courtesy(self.question):
            return "courtesy"
        kinds = [kind for kind in QUESTIONS if self.question.act(kind)]
        return kinds[0] if kinds else "prepared"

    @property
    def before(self) -> str:
        """What the line before was, by its weightiest act."""
        if self._last is None:
            return "nothing"
        kinds = [kind for kind in TOLD if self._last.act(kind)]
        return f"{self._last.speaker}:{kinds[0] if kinds else 'talk'}"
