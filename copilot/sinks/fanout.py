"""Events to all sinks; one that fails must not end the call for the others."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self

from copilot.events import Told
from copilot.sinks.sink import Sink


class Fanout:
    """Opens the sinks, gives each of them every event, closes them.

    A sink that fails during the call (a full disk) gets no more events; `failures` says why. One
    that cannot be opened raises its OutputError.
    """

    def __init__(self, sinks: Iterable[Sink]) -> None:
        self._sinks = sinks
        self._open: list[Sink] = []
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.__exit__, None, None, None)
            for sink in self._sinks:
                sink.__enter__()
                self._open.append(sink)
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for sink in reversed(list(self._open)):
            self._attempt(sink, partial(sink.__exit__, kind, error, trace))

    def emit(self, event: Told) -> None:
        """Give an event to every sink that still works."""
        for sink in list(self._open):
            self._attempt(sink, partial(sink.emit, event))

    def _attempt(self, sink: Sink, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001  a full disk must not end a call
            if sink not in self._open:
                return  # it has been told of
            self._open.remove(sink)
            self.failures.append(str(error))
            # give back its file or screen now
            self._attempt(sink, partial(sink.__exit__, None, None, None))
