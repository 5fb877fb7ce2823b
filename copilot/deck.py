"""What the keys do to a call: sinks are told, and a paced replay stops, goes back or hurries."""

from collections.abc import Iterator
from typing import Protocol

from copilot.events import Again, Bookmarked, Key, Pressed, Tick, Told
from copilot.keys import Keyboard

STEP = 10.0  # s of call that a key goes back or forward
NAP = 0.05  # s between two looks at the keys while the call waits


class Paced(Protocol):
    """A replay that keeps time."""

    def rest(self, seconds: float) -> float:
        """Stand still for so many seconds of wall time; return how much call that would be."""
        ...

    def skip(self, seconds: float) -> None:
        """Hear the next seconds of the call as fast as can be."""
        ...


class Deck:
    """Looks at the keys between two ticks of the call.

    Args:
        keys: that are pressed.
        pace: of a paced replay; None for all else, which nothing can hold up.
    """

    def __init__(self, keys: Keyboard, pace: Paced | None = None) -> None:
        self._keys, self._pace = keys, pace

    def obey(self, at: float) -> Iterator[Told]:
        """Yield what was pressed since the last time, and what follows from it.

        A pause lasts within this, and so does what is seen again: the call itself never goes back.
        Whoever is given a QUIT must see to it that the call ends.
        """
        moment, paused = at, False  # the moment that is looked at
        while True:
            for key in self._keys.pressed():
                yield Pressed(at, key)
                if key is Key.QUIT:
                    return
                if key is Key.BOOKMARK:
                    yield Bookmarked(at, moment)
                if self._pace is not None:
                    paused ^= key is Key.PAUSE
                    moment = _moved(self._pace, key, moment, at)
            if self._pace is None or (moment >= at and not paused):
                return
            passed = self._pace.rest(NAP)
            if not paused:
                moment = min(at, moment + passed)
            # also when nothing moves: the screen may have been resized
            yield Again(at, moment) if moment < at else Tick(at)


def _moved(pace: Paced, key: Key, moment: float, at: float) -> float:
    """The moment to look at after a key."""
    if key is Key.BACK:
        return max(0.0, moment - STEP)
    if key is Key.FORWARD and moment < at:
        return min(at, moment + STEP)
    if key is Key.FORWARD:
        pace.skip(STEP)
    return moment
