"""What a recording and a pair of files have in common: checked on entry, then played once."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import Self

from copilot.errors import SourceError
from copilot.sources.pieces import Sound
from copilot.sources.soundcheck import Fault, find_fault

REMEDY = "give one file for each speaker (--rep A --customer B) or a stereo recording"


class Replay(ABC):
    """A call from files. The first seconds of sound are read twice: once to check the channels."""

    name: str

    def __init__(self, name: str) -> None:
        self.name = name
        self._playing: Generator[Sound] | None = None

    def __enter__(self) -> Self:
        """Opens the files and listens to their start; raises SourceError."""
        self._check()
        with closing(self._play()) as call:
            fault = find_fault(call)
        if fault is not None:
            raise SourceError(self._complaint(fault))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._playing is not None:
            self._playing.close()

    def blocks(self) -> Iterator[Sound]:
        """Yields the call from its start, in blocks of 1 s at most; raises SourceError."""
        self._playing = self._play()
        return self._playing

    @abstractmethod
    def _check(self) -> None:
        """Looks at the files without hearing them; raises SourceError."""

    @abstractmethod
    def _play(self) -> Generator[Sound]:
        """Opens the files and decodes them from their start."""

    @abstractmethod
    def _complaint(self, fault: Fault) -> str:
        """The line for the user: what is wrong where, and the remedy."""
