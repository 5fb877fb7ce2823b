"""Who speaks how long, how fast and into whom: the figures that call analytics has in common.

Names and meanings follow Gong (help.gong.io, "Analyze team performance": talk ratio, longest
monologue, longest customer story, interactivity, patience, question rate) and Amazon Connect
Contact Lens (docs.aws.amazon.com, "Conversational analytics metrics": non-talk time, interruptions,
talk speed). Where they give no formula, the one here is ours, and its docstring says so.
"""

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from copilot.events import Said, Speaker
from copilot.figures.talk import Turn, changes, gaps

SILENCE = 3.0  # s; a longer one is non-talk time, as in Contact Lens
OVERLAP = 0.3  # s of speaking at once; less is how people change turns (Heldner & Edlund 2010,
#                "Pauses, gaps and overlaps in conversations", Journal of Phonetics 38)
LISTENING = 1.0  # s and ...
LISTENING_WORDS = 3  # words that may be a sign of listening though nobody labelled it


class Span(Struct, frozen=True):
    """A stretch of a call, in seconds."""

    start: float
    end: float

    @property
    def lasted(self) -> float:
        """Its length."""
        return self.end - self.start


def talk_time(lines: Sequence[Said], speaker: Speaker) -> float:
    """Seconds of speech: the sum of the speaker's lines; pauses of 0.2 s and more end a line."""
    return sum(said.line.end - said.line.start for said in lines if said.speaker is speaker)


def talk_share(lines: Sequence[Said]) -> float | None:
    """The rep's speech over the speech of both, 0 to 1: the talk ratio of the field."""
    rep, customer = (talk_time(lines, speaker) for speaker in Speaker)
    return rep / (rep + customer) if rep + customer else None


def longest_turn(turns: Sequence[Turn], speaker: Speaker) -> Span | None:
    """The rep's longest monologue, or the customer's longest story.

    From the first to the last word of a turn, pauses and the other's backchannels included.
    """
    own = [turn for turn in turns if turn.speaker is speaker]
    longest = max(own, key=lambda turn: turn.lasted, default=None)
    return Span(longest.start, longest.end) if longest else None


def interactivity(turns: Sequence[Turn], length: float) -> float | None:
    """Changes of speaker a minute: (turns - 1) / minutes from the first to the last word.

    Gong shows the same idea on a scale of its own; the plain rate can be checked by hand.
    """
    return (len(turns) - 1) / (length / 60) if length and turns else None


def patience(turns: Sequence[Turn]) -> float | None:
    """Median seconds from the customer's last word to the rep's first, turn by turn.

    Speaking before the other has ended is a gap of 0. The median, since one long pause to look
    something up says nothing of how the rep listens.
    """
    waits = [
        max(0.0, after.start - before.end)
        for before, after in changes(turns)
        if after.speaker is Speaker.REP
    ]
    return median(waits) if waits else None


def interruptions(lines: Sequence[Said], speaker: Speaker) -> tuple[float, ...]:
    """When the speaker began to speak into a line of the other.

    At least 0.3 s of both speaking, and more than a sign of listening: neither labelled as
    backchannel or filler, nor at most 1 s with at most 3 words.
    """
    others = [said.line for said in lines if said.speaker is not speaker and said.substantial]
    found = []
    for said in lines:
        start, end = said.line.start, said.line.end
        cut = any(one.start < start and min(one.end, end) - start >= OVERLAP for one in others)
        if cut and said.speaker is speaker and not _may_be_listening(said):
            found.append(start)
    return tuple(sorted(found))


def _may_be_listening(said: Said) -> bool:
    short = said.line.end - said.line.start <= LISTENING
    return not said.substantial or (short and len(said.line.text.split()) <= LISTENING_WORDS)


def non_talk(lines: Sequence[Said]) -> float:
    """Seconds in silences of more than 3 s, each counted whole, between first and last word."""
    return sum(gap for gap in gaps(lines) if gap > SILENCE)


def questions(lines: Sequence[Said], speaker: Speaker) -> int:
    """Lines that ask something: by act for the rep, by form for the customer."""
    return sum(said.asks for said in lines if said.speaker is speaker)


def words_a_minute(lines: Sequence[Said], speaker: Speaker) -> float | None:
    """Words over the speaker's own talk time in minutes (talk speed)."""
    spoken = talk_time(lines, speaker)
    words = sum(len(said.line.text.split()) for said in lines if said.speaker is speaker)
    return words / (spoken / 60) if spoken else None
