"""The shape of everything that takes events."""

from typing import Protocol, Self

from copilot.events import Told


class Sink(Protocol):
    """Opens on entry, closes on exit, takes every event of the call in between."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...

    def emit(self, event: Told) -> None:
        """Take one event; a Tick comes every 20 to 100 ms of audio and only tells the time."""
