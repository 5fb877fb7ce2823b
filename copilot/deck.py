"""What the keys do to a call: the sinks are told, and a paced replay stops, or hurries on."""

from collections.abc import Iterator
from typing import Protocol

from copilot.events import Bookmarked, Key, Pressed, Tick, Told
from copilot.keys import Keyboard

STEP = 10.0  # s of call that the key skips
NAP = 0.05  # s between two looks at the keys during a pause


class Paced(Protocol):
    """A replay that keeps time."""

    def rest(self, seconds: float) -> None:
        """Stand still for so many seconds of wall time."""
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

        A pause lasts within this; whoever is given a QUIT must see to it that the call ends.
        """
        paused = False
        while True:
            for key in self._keys.pressed():
                yield Pressed(at, key)
                if key is Key.QUIT:
                    return
                if key is Key.BOOKMARK:
                    yield Bookmarked(at)
                paused ^= key is Key.PAUSE and self._pace is not None
                if key is Key.FORWARD and self._pace is not None:
                    self._pace.skip(STEP)
            if not paused or self._pace is None:
                return
            self._pace.rest(NAP)
            yield Tick(at)  # the screen may have been resized
