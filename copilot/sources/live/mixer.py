"""Two devices to one clock: the microphone keeps the time, the other side is fitted to it.

Times are seconds on one clock of the machine. The samples of a device that runs are taken as they
come; where they belong is asked only when they come much too late or too early.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from copilot.events import Lost
from copilot.frames import RATE, Block, Samples, seconds
from copilot.sources.pieces import LONGEST, Sound

Mono = NDArray[np.int16]

STALL = 0.5  # s without the microphone before silence takes its place; a busy machine takes less
GONE = 0.1  # s that are missing before they count as lost; buffers come and go by less
JUDGED = 0.5  # s of samples that must agree that something is missing
ABSORBED = 0.05  # of the error of the clocks, each time it is judged: 100 ppm are 0.05 ms in 0.5 s
DEPTH = 0.02  # s of the other side that may wait for the microphone
DEEP = 0.04  # s waiting all the time, from which the rest is dropped when it is quiet ...
TOO_DEEP = 0.25  # s ... and whatever it is
WATCHED = 2.0  # s over which the least that waited is taken: what jitter needs is not dropped
MOST = 2.0  # s of the other side that are kept while the microphone sends nothing
LONG = 90.0  # s; a longer gap (the machine slept) is jumped over, no call outlasts it
QUIET = 100.0  # rms of 32768, -50 dBFS


@dataclass
class _Queue:
    """The other side's samples that wait for the microphone."""

    _chunks: deque[Mono] = field(default_factory=deque)
    _least: int = 0  # samples that waited all the time since the last look
    _popped: int = 0  # samples taken since then
    _excess: int = 0  # samples to be dropped when it is quiet
    waiting: int = 0

    def push(self, samples: Mono) -> None:
        self._chunks.append(samples)
        self.waiting += len(samples)
        self.drop(self.waiting - round(MOST * RATE))

    def pop(self, count: int) -> Mono:
        """The next samples; silence where the device has sent nothing."""
        taken = self._take(count)
        self._popped += count
        self._least = min(self._least, self.waiting)
        if self._popped >= WATCHED * RATE:
            self._look()
        self._trim()
        return taken if len(taken) == count else np.pad(taken, (0, count - len(taken)))

    def drop(self, count: int) -> None:
        self._take(count)

    def _look(self) -> None:
        """What waits all the time is only delay: the other device's clock is the faster one."""
        deep = self._least > DEEP * RATE
        self._excess = self._least - round(DEPTH * RATE) if deep else 0
        self._least, self._popped = self.waiting, 0

    def _trim(self) -> None:
        quiet = self._chunks and _rms(self._chunks[0]) < QUIET
        if self._excess and (quiet or self._excess > TOO_DEEP * RATE):
            self.drop(self._excess)
            self._excess, self._least = 0, self.waiting

    def _take(self, count: int) -> Mono:
        parts: list[Mono] = []
        while count > 0 and self._chunks:
            first = self._chunks.popleft()
            if len(first) > count:
                self._chunks.appendleft(first[count:])
                first = first[:count]
            parts.append(first)
            count -= len(first)
        taken = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        self.waiting -= len(taken)
        return taken


class Mixer:
    """Puts both sides side by side; nothing in here grows."""

    def __init__(self) -> None:
        self._front = 0  # samples given so far
        self._origin: float | None = None  # when sample 0 was spoken
        self._whole = 0  # where the microphone's last real sample ended
        self._stalled = False
        self._late: list[float] = []  # s by which each recent chunk came later than it belongs
        self._judged = 0  # samples in those chunks
        self._queue = _Queue()

    @property
    def position(self) -> float:
        """Seconds given so far."""
        return seconds(self._front)

    @property
    def waiting(self) -> float:
        """Seconds of the other side that wait for the microphone."""
        return seconds(self._queue.waiting)

    def microphone(self, at: float, samples: Mono) -> Iterator[Sound]:
        """Take a chunk whose last sample was spoken at a time; yield what is complete."""
        start = at - seconds(len(samples))
        if self._origin is None:
            self._origin = start
            self._queue.drop(self._queue.waiting - round(DEPTH * RATE))
        late = start - self._origin - seconds(self._front)
        if self._stalled:
            gap = round(late * RATE)
            samples = samples[max(0, -gap) :]
            if not len(samples):
                return  # what was delayed: silence has taken its place
            yield from self._resume(gap)
        else:
            yield from self._judge(late, samples)
        yield from self._give(samples)
        self._whole = self._front

    def other(self, samples: Mono) -> None:
        """Take a chunk of the other side."""
        self._queue.push(samples)

    def wait(self, now: float) -> Iterator[Sound]:
        """Nothing else has come: give silence for a microphone that has sent nothing for long."""
        if self._origin is None:
            self._origin = now
        missing = round((now - self._origin) * RATE) - self._front
        if missing > STALL * RATE:
            self._stalled = True
            yield from self._silence(missing - round(STALL * RATE))

    def _resume(self, gap: int) -> Iterator[Sound]:
        """The microphone is back, so many samples after what was given: say what was lost."""
        self._stalled, self._late, self._judged = False, [], 0
        lost = seconds(self._front + gap - self._whole)
        if lost > GONE:
            yield Lost(self.position, lost)
        yield from self._silence(gap)

    def _judge(self, late: float, samples: Mono) -> Iterator[Sound]:
        """Look whether samples are missing, or only come late for a while."""
        self._late.append(late)
        self._judged += len(samples)
        if self._judged < JUDGED * RATE:
            return
        sure = min(self._late) if min(self._late) > 0 else min(0.0, max(self._late))
        self._late, self._judged = [], 0
        if sure > GONE:
            yield Lost(self.position, sure)
            yield from self._silence(round(sure * RATE))
        elif self._origin is not None:
            self._origin += sure if sure < -GONE else ABSORBED * sure

    def _silence(self, count: int) -> Iterator[Block]:
        if count > LONG * RATE:
            self._front += count
            return
        for begin in range(0, count, LONGEST):
            yield from self._give(np.zeros(min(LONGEST, count - begin), np.int16))

    def _give(self, samples: Mono) -> Iterator[Block]:
        for begin in range(0, len(samples), LONGEST):
            mine = samples[begin : begin + LONGEST]
            both: Samples = np.stack([mine, self._queue.pop(len(mine))], axis=1)
            yield Block(self._front, both)
            self._front += len(mine)


def _rms(samples: Mono) -> float:
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64))))) if len(samples) else 0.0
