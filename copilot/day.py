"""A day of sound to calls: one begins when both sides have spoken, and ends in a long silence."""

from collections.abc import Callable, Iterator
from itertools import chain

from msgspec import structs

from copilot.events import Health, Heard, Lost, Notice, Speaker, Speaking
from copilot.frames import Block, seconds
from copilot.speech.crosstalk import Crosstalk
from copilot.speech.doorbell import Doorbell
from copilot.speech.listener import Listener

STOPPED = "stopped by the user"
SILENCE = 60.0  # s in which neither side speaks, after which the call is over
EVERY = 0.2  # s between two looks at the levels while nobody calls
Piece = Block | Lost | Notice
Tap = Callable[[Iterator[Piece]], Iterator[Piece]]


class Day:
    """Goes through the sound once, by turns waiting for a call and hearing it.

    Args:
        pieces: the sound, without an end, or until the user stops.
    """

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._kept: list[Block] = []  # what was said before it was known to be a call
        self._hang_up = False
        self.crosstalk = Crosstalk()  # a room stays the same from call to call
        self.over = False

    def hang_up(self) -> None:
        """End the call that is going on."""
        self._hang_up = True

    def wait(self) -> Iterator[Health | Notice]:
        """Yield how it comes in until a call begins, or the day is over."""
        bell, told = Doorbell(self.crosstalk), 0.0
        for piece in self._pieces:
            if isinstance(piece, Notice):
                yield structs.replace(piece, at=told)
            elif isinstance(piece, Lost):
                if piece.seconds >= SILENCE:
                    bell = Doorbell(self.crosstalk)
            elif bell.hear(piece):
                self._kept = bell.kept()
                return
            elif bell.now - told >= EVERY or bell.now < told:
                told = bell.now
                yield bell.health()
        self.over = True

    def call(self, listener: Listener, ending: "Ending", tap: Tap = iter) -> Iterator[Heard]:
        """Yield what is heard until the call ends; `ending` then says why.

        `tap` lets the sound through on the call's own clock, and may keep it.
        """
        origin, quiet = self._kept[0].start, Quiet()
        self._hang_up = False
        pieces = (_since(origin, piece) for piece in chain(self._kept, self._pieces))
        for piece in tap(pieces):
            if isinstance(piece, Lost) and piece.seconds >= SILENCE:
                ending.reason = f"{piece.seconds:.0f} s without sound"
                break
            for heard in listener.hear(piece):
                quiet.hear(heard)
                yield heard
            if quiet.lasted >= SILENCE:
                ending.reason = f"{SILENCE:.0f} s of silence"
                break
            if self._hang_up:
                ending.reason = "a new call was asked for"
                break
        else:
            self.over, ending.reason = True, "stopped by the user"
        self._kept = []
        yield from listener.finish()


class Ending:
    """Why a call has ended."""

    reason = "end of the recording"


class Quiet:
    """How long neither side has spoken."""

    def __init__(self) -> None:
        self._speaking: set[Speaker] = set()
        self._since = self._now = 0.0

    def hear(self, heard: Heard) -> None:
        """Take what was heard."""
        self._now = heard.at
        if isinstance(heard, Speaking):
            (self._speaking.add if heard.on else self._speaking.discard)(heard.speaker)
        if self._speaking or isinstance(heard, Speaking):
            self._since = heard.at

    @property
    def lasted(self) -> float:
        """Seconds since either spoke."""
        return self._now - self._since


def _since(origin: int, piece: Piece) -> Piece:
    """The same on the clock of a call that began `origin` samples later."""
    if isinstance(piece, Block):
        return Block(max(0, piece.start - origin), piece.samples)
    return structs.replace(piece, at=max(0.0, piece.at - seconds(origin)))
