"""What every source of sound looks like to the listener."""

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from copilot.events import Lost
from copilot.frames import Block


class AudioSource(Protocol):
    """A call as two channels of samples at 16 kHz."""

    @property
    def name(self) -> str:
        """What the call is known by, such as the file's name."""

    def __enter__(self) -> Self:
        """Opens and checks; raises SourceError."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets go of files and devices."""

    def blocks(self) -> Iterator[Block | Lost]:
        """Yields the call in order and ends with it; raises SourceError."""
