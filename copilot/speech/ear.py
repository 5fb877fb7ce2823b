"""One side of the call: its frames to onsets and lines, and the samples of the line going on."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot.events import Speaker
from copilot.frames import FRAME
from copilot.speech.endpoint import HANGOVER, LONGEST, ONSET_OF, PAUSE, Endpoint, Onset, Pause, Unit
from copilot.speech.voice import Voice, level

# Sound around a line for the recogniser: a telephone hides soft consonants in its noise. On the
# telephone fixtures 0.1 s on both sides gives 18.5 % word error, 0.2 s 14.6 %. Behind a line 0.12 s
# are as good as 0.18 s (20.9 and 21.5 % on 60 read sentences by telephone), and sooner there.
LEAD = 15  # frames before a line: 0.3 s
TAIL = PAUSE  # frames after it: what has been heard when the line has probably ended


@dataclass(frozen=True, eq=False)
class Utterance:
    """A line as sound: where it lies, and what the recogniser is to hear."""

    speaker: Speaker
    unit: Unit
    samples: NDArray[np.int16]  # mono


@dataclass(frozen=True, eq=False)
class Draft:
    """A line that has probably ended; if so, its utterance will have the very same samples."""

    start: int  # samples from the start of the call
    end: int
    samples: NDArray[np.int16]


Told = Onset | Draft | Utterance


class Ear:
    """Hears one channel, frame by frame; forgets what no line can need any more."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._voice, self._endpoint = Voice(), Endpoint()
        self._frames: deque[NDArray[np.int16]] = deque(maxlen=LONGEST + HANGOVER + ONSET_OF + LEAD)
        self._heard = 0  # frames
        self._speaking = False
        self._ended = 0  # frame behind the last line; no word may be heard twice

    def hear(self, frame: NDArray[np.int16], *, echo: bool = False) -> Iterator[Told]:
        """Take the next 20 ms; yield the beginning or the end of a line that it makes known.

        An echo of the other side is no voice of this one.
        """
        loudness = level(frame)
        voiced = self._voice.is_speech(frame, loudness, speaking=self._speaking) and not echo
        self._frames.append(frame)
        self._heard += 1
        yield from map(self._told, self._endpoint.hear(self._heard - 1, voiced, loudness))

    def finish(self) -> Iterator[Told]:
        """The call is over: yield the line that was still going on."""
        yield from map(self._told, self._endpoint.finish(self._heard))

    def _told(self, found: Onset | Pause | Unit) -> Told:
        match found:
            case Pause():
                return Draft(found.start, found.end, self._sound(found, TAIL))
            case Onset():
                self._speaking = True
                return found
            case Unit():
                self._speaking = not found.last
                sound = self._sound(found, TAIL if found.last else 0)
                self._ended = found.end // FRAME
                return Utterance(self.speaker, found, sound)

    def _sound(self, line: Pause | Unit, tail: int) -> NDArray[np.int16]:
        oldest = self._heard - len(self._frames)
        first = max(oldest, line.start // FRAME - LEAD, self._ended)
        behind = min(line.end // FRAME + tail, self._heard)
        return np.concatenate([self._frames[number - oldest] for number in range(first, behind)])
