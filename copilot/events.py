"""Every record that crosses a room's border; what of it the event log shows is the Event union.

Times are seconds on the audio clock, which is the number of samples heard divided by the rate.
"""

from enum import StrEnum

from msgspec import Struct


class Speaker(StrEnum):
    """Who speaks: the seller on channel 0, the customer on channel 1."""

    REP = "rep"
    CUSTOMER = "customer"

    @property
    def other(self) -> "Speaker":
        """The one on the other side of the line."""
        return Speaker.CUSTOMER if self is Speaker.REP else Speaker.REP


class ActKind(StrEnum):
    """What a line does in the talk (a dialogue act)."""

    CLOSED_QUESTION = "closed_question"
    OPEN_QUESTION = "open_question"
    CHOICE_QUESTION = "choice_question"
    CLOSING_QUESTION = "closing_question"
    WHY_QUESTION = "why_question"
    ARGUMENT = "argument"
    RECAP = "recap"
    GIVEAWAY = "giveaway"
    QUID_PRO_QUO = "quid_pro_quo"
    GOODBYE = "goodbye"
    YES = "yes"
    NO = "no"
    FINAL_NO = "final_no"
    HESITATION = "hesitation"
    PRO = "pro"
    BACKCHANNEL = "backchannel"
    FILLER = "filler"


class Reason(StrEnum):
    """What lies behind a no."""

    BUDGET = "budget"
    NO_NEED = "no_need"
    SUPPLIER = "supplier"
    AUTHORITY = "authority"
    TIME = "time"
    TRUST = "trust"
    OTHER = "other"


class Step(StrEnum):
    """What a closing question asks for, the largest commitment first."""

    ORDER = "order"  # a signature, a contract, an order
    TRIAL = "trial"
    VISIT = "visit"  # a meeting, a demonstration
    CALL = "call"  # another call, something to read
    LESS = "less"  # expressly less than before, whatever it is


class CueName(StrEnum):
    """What the rep can be told, the most important first."""

    SILENCE_BROKEN = "silence_broken"
    HOLD_SILENCE = "hold_silence"
    ANSWER_OVERDUE = "answer_overdue"
    NO_NEXT_STEP = "no_next_step"
    RESPECT_NO = "respect_no"
    PUSHING_AFTER_NO = "pushing_after_no"
    ASK_WHY = "ask_why"
    POOR_FIT = "poor_fit"
    OPEN_QUESTION_IN_LADDER = "open_question_in_ladder"
    MAKE_THE_ASK = "make_the_ask"
    LADDER_PACE = "ladder_pace"
    ASK_TOO_EARLY = "ask_too_early"
    ASK_TOO_BIG = "ask_too_big"
    NAGGING = "nagging"
    QUID_PRO_QUO = "quid_pro_quo"
    MONOLOGUE = "monologue"


class Trouble(StrEnum):
    """What can hinder the hearing of a call."""

    MICROPHONE_GONE = "microphone_gone"  # unplugged, or it stopped sending
    SOFTPHONE_GONE = "softphone_gone"
    MICROPHONE_SILENT = "microphone_silent"  # digital silence: no permission, or a mute switch
    CROSSTALK = "crosstalk"  # the microphone hears the customer from a loudspeaker
    CLIPPING = "clipping"  # the microphone is too loud
    SLOW = "slow"  # lines are skipped
    LANGUAGE = "language"  # the call is in another language than it is heard in


class Key(StrEnum):
    """What the rep can ask of the program with a key; none is needed."""

    MUTE = "mute"  # no cues for a minute
    TRANSCRIPT = "transcript"  # on and off
    BOOKMARK = "bookmark"  # this moment
    NEW_CALL = "new_call"  # live only
    PAUSE = "pause"  # a paced replay only, and back again
    BACK = "back"  # a paced replay only: what was on the screen is shown again
    FORWARD = "forward"  # a paced replay only
    HELP = "help"
    QUIT = "quit"


class Started(Struct, frozen=True, tag="started", tag_field="type"):
    """The call has begun."""

    at: float
    wall: str  # ISO 8601 with offset
    source: str
    language: str
    model: str
    version: str


class Speaking(Struct, frozen=True, tag="speaking", tag_field="type"):
    """A speaker was heard to begin or to stop; `since` is when they really did."""

    at: float
    speaker: Speaker
    on: bool
    since: float  # s, at most `at`


class Line(Struct, frozen=True, tag="line", tag_field="type"):
    """What one speaker says between two pauses of their own (an inter-pausal unit)."""

    at: float
    speaker: Speaker
    start: float
    end: float
    text: str
    confidence: float  # 0..1, geometric mean of the token probabilities


class Rung(Struct, frozen=True):
    """A prepared question that was just asked."""

    number: int  # in the list, from 1
    asked: int  # how many of them have been asked so far
    of: int
    next: str  # the first one that has not been asked; empty when all have


class Act(Struct, frozen=True, omit_defaults=True, tag="act", tag_field="type"):
    """One thing that a line does, with the words that show it."""

    at: float
    speaker: Speaker
    kind: ActKind
    start: float
    end: float
    evidence: str
    reason: Reason | None = None  # of a no
    courtesy: bool = False  # a question about identity, permission or the connection: no rung
    step: Step | None = None  # what a closing question asks for, if its words say so
    prepared: Rung | None = None  # of a question that was on the rep's list
    unsure: bool = False  # too doubtful to warn on


class Cue(Struct, frozen=True, tag="cue", tag_field="type"):
    """What the rep is told, and the words that caused it."""

    at: float
    name: CueName
    text: str  # at most eight words
    because: str
    anchor: float  # s, the time of what caused it
    due: float  # s, when it was due; `at` is later when recognition was
    shown: bool  # False: a more important cue kept the screen


class CueCleared(Struct, frozen=True, tag="cue_cleared", tag_field="type"):
    """A cue is no longer what the rep should heed."""

    at: float
    name: CueName
    why: str


class YesRun(Struct, frozen=True, tag="yes_run", tag_field="type"):
    """The run of yeses has become longer, or has ended."""

    at: float
    yeses: int  # in a row, to closed questions of the rep


class Agreed(Struct, frozen=True, tag="agreed", tag_field="type"):
    """The customer agrees to a next step; or, with `on` false, that yes counts no more."""

    at: float
    on: bool
    because: str
    anchor: float  # s, start of the line that agreed


class Bookmarked(Struct, frozen=True, tag="bookmarked", tag_field="type"):
    """The rep, or the coach, wants to find a moment again."""

    at: float
    moment: float  # s; before `at` when it was looked at once more


class Lost(Struct, frozen=True, tag="lost", tag_field="type"):
    """Audio that was missing; the clock stays true."""

    at: float
    seconds: float


class Skipped(Struct, frozen=True, tag="skipped", tag_field="type"):
    """A line that was never recognised: the machine was too slow for all of them."""

    at: float
    speaker: Speaker
    start: float
    end: float


class Notice(Struct, frozen=True, tag="notice", tag_field="type"):
    """Something hinders the hearing, or does so no more."""

    at: float
    trouble: Trouble
    on: bool


class Ended(Struct, frozen=True, tag="ended", tag_field="type"):
    """The call is over."""

    at: float
    reason: str


class Noise(Struct, frozen=True):
    """What sounded like a line proved to hold no speech; never logged."""

    at: float
    speaker: Speaker
    start: float
    end: float


class Tick(Struct, frozen=True):
    """Time has passed; never logged."""

    at: float


class Health(Struct, frozen=True):
    """How well the call comes in, told some times a second; never logged."""

    at: float
    rep: float  # dBFS of the loudest 20 ms since the last one; -100 is digital silence
    customer: float
    behind: float  # s that the oldest line without words has been waiting for them


class Pressed(Struct, frozen=True):
    """The rep pressed a key; never logged."""

    at: float
    key: Key


class Again(Struct, frozen=True):
    """What was on the screen at a moment that has passed is to be seen once more; never logged."""

    at: float
    moment: float  # s


# what the speech room, or a transcript, tells the dialogue
Heard = Speaking | Line | Noise | Skipped | Notice | Lost | Tick | Health


class Said(Struct, frozen=True):
    """A line and all that it does; what the techniques hear of it."""

    line: Line
    acts: tuple[Act, ...]
    turn: int  # a run of lines of one speaker has one number
    asks: bool = False  # in form a question, whoever says it
    prepared: int | None = None  # which of the prepared questions it is, from 0
    possible: frozenset[ActKind] = frozenset()  # likely none of its acts, but not surely

    @property
    def speaker(self) -> Speaker:
        """Who said it."""
        return self.line.speaker

    def act(self, *kinds: ActKind) -> Act | None:
        """The first act of one of these kinds, if any."""
        return next((act for act in self.acts if act.kind in kinds), None)

    def surely(self, *kinds: ActKind) -> Act | None:
        """The first act of one of these kinds that is sure enough to warn on."""
        return next((a for a in self.acts if a.kind in kinds and not a.unsure), None)

    def perhaps(self, *kinds: ActKind) -> bool:
        """Whether the line may be one of these: enough to withhold a warning."""
        return self.act(*kinds) is not None or not self.possible.isdisjoint(kinds)

    @property
    def substantial(self) -> bool:
        """More than a sign of listening or thinking aloud."""
        return not self.acts or any(act.kind not in SLIGHT for act in self.acts)


class Over(Struct, frozen=True):
    """A technique finds that its cue need not be heeded any more."""

    name: CueName
    why: str


class Due(Struct, frozen=True):
    """A technique finds that a cue is due."""

    name: CueName
    due: float  # s, at most now
    anchor: float  # s, the time of what caused it
    because: str
    over: Over | None = None  # what it takes back, if it comes


QUESTIONS = (  # the weightiest first
    ActKind.CLOSING_QUESTION,
    ActKind.CHOICE_QUESTION,
    ActKind.OPEN_QUESTION,
    ActKind.CLOSED_QUESTION,
)
SLIGHT = frozenset({ActKind.BACKCHANNEL, ActKind.FILLER})
Verdict = Due | Over | YesRun | Agreed
Event = (
    Started
    | Speaking
    | Line
    | Act
    | YesRun
    | Agreed
    | Cue
    | CueCleared
    | Bookmarked
    | Skipped
    | Notice
    | Lost
    | Ended
)
Unlogged = Tick | Health | Pressed | Again
Told = Event | Unlogged  # what every sink is given
