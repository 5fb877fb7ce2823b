"""One side of the call: its frames to onsets and lines, and the samples of the line going on."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot.events import Speaker
from copilot.frames import FRAME
from copilot.speech.endpoint import HANGOVER, LONGEST, ONSET_OF, Endpoint, Onset, Unit
from copilot.speech.voice import Voice, level

# Sound around a line for the recogniser: a telephone hides soft consonants in its noise. On the
# telephone fixtures 0.1 s on both sides gives 18.5 % word error, 0.2 s 14.6 %.
LEAD = 15  # frames before a line: 0.3 s
TAIL = 9  # frames after it: 0.18 s


@dataclass(frozen=True, eq=False)
class Utterance:
    """A line as sound: where it lies, and what the recogniser is to hear."""

    speaker: Speaker
    unit: Unit
    samples: NDArray[np.int16]  # mono


class Ear:
    """Hears one channel, frame by frame; forgets what no line can need any more."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._voice, self._endpoint = Voice(), Endpoint()
        self._frames: deque[NDArray[np.int16]] = deque(maxlen=LONGEST + ONSET_OF + LEAD + 1)
        self._heard = 0  # frames
        self._speaking = False
        self._ended = 0  # frame behind the last line; no word may be heard twice

    def hear(self, frame: NDArray[np.int16]) -> Iterator[Onset | Utterance]:
        """Take the next 20 ms; yield the beginning or the end of a line that it makes known."""
        loudness = level(frame)
        voiced = self._voice.is_speech(frame, loudness, speaking=self._speaking)
        self._frames.append(frame)
        self._heard += 1
        yield from map(self._told, self._endpoint.hear(self._heard - 1, voiced, loudness))

    def finish(self) -> Iterator[Onset | Utterance]:
        """The call is over: yield the line that was still going on."""
        yield from map(self._told, self._endpoint.finish(self._heard))

    def _told(self, found: Onset | Unit) -> Onset | Utterance:
        self._speaking = isinstance(found, Onset) or not found.last
        return found if isinstance(found, Onset) else self._utterance(found)

    def _utterance(self, unit: Unit) -> Utterance:
        oldest = self._heard - len(self._frames)
        end = unit.end // FRAME
        first = max(oldest, unit.start // FRAME - LEAD, self._ended)
        behind = min(end + TAIL, self._heard) if unit.last else end
        self._ended = end
        frames = [self._frames[number - oldest] for number in range(first, behind)]
        return Utterance(self.speaker, unit, np.concatenate(frames))


assert TAIL < HANGOVER  # noqa: S101  the sound behind a line has been heard when the line ends
