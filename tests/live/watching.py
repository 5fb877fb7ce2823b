"""`call-copilot live` as a process of its own, whose log is read while it grows."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tests.live.pulse import Server

TOP = Path(__file__).parents[2]
Fields = dict[str, str | float | bool]


class Told(NamedTuple):
    """An event, and when it could be read (monotonic clock)."""

    at: float
    event: Fields


class Watched:
    """Runs `live` on a server's devices until it is left."""

    def __init__(self, server: Server, home: Path, *arguments: str) -> None:
        self._server, self._home, self._arguments = server, home, arguments
        self.told: list[Told] = []
        self._news = threading.Condition()

    def __enter__(self) -> Self:
        # the model that tests use lies in the user's cache; everything else is the test's own
        home = {"XDG_CONFIG_HOME": str(self._home), "XDG_DATA_HOME": str(self._home)}
        environment = {**self._server.environment, **home}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "copilot", "live", "--events", "-", "--quiet", *self._arguments],
            cwd=TOP,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def stop(self, *signals: signal.Signals) -> tuple[int, str]:
        """Send signals, each at once after the other; return the exit status and stderr."""
        for one in signals or (signal.SIGINT,):
            os.kill(self.process.pid, one)
        status = self.process.wait(timeout=20)
        self._reader.join()
        return status, self.process.stderr.read() if self.process.stderr else ""

    def events(self, kind: str | None = None) -> list[Fields]:
        """Those told so far."""
        with self._news:
            return [one.event for one in self.told if kind in (None, one.event["type"])]

    def wait_for(self, found: Callable[[Sequence[Fields]], bool], seconds: float) -> bool:
        """Wait until what has been told satisfies a condition."""
        deadline = time.monotonic() + seconds
        with self._news:
            while not found([one.event for one in self.told]):
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._news.wait(left)
        return True

    def _read(self) -> None:
        if self.process.stdout is None:
            return
        for line in self.process.stdout:
            with self._news:
                self.told.append(Told(time.monotonic(), json.loads(line)))
                self._news.notify_all()
