"""Being asked to stop from outside: Ctrl-C, a signal, a window that is closed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from copilot.events import Key
from copilot.keys import Keyboard, NoKeys

STOPS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGHUP"):  # the window was closed; Windows has its own way
    STOPS.append(signal.SIGHUP)


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """While it is on, Ctrl-C asks for an end, however often; nothing is torn away in the middle."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop()

    before = {one: signal.signal(one, ask) for one in STOPS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class Stop:
    """A keyboard on which being asked to stop is a QUIT; who asks again need not wait for it.

    An exception out of the blue would be lost wherever a library has none pass, and would tear a
    line of the log.

    Attributes:
        keys: what else may be pressed.
    """

    def __init__(self) -> None:
        self.keys: Keyboard = NoKeys()
        self._asked = False

    def ask(self) -> None:
        """Stop soon; raises KeyboardInterrupt if that was asked before."""
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def pressed(self) -> Iterator[Key]:
        """Yield what has been pressed since the last time; never wait."""
        yield from self.keys.pressed()
        if self._asked:
            yield Key.QUIT
