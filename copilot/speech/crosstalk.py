"""Loudspeakers instead of a headset: the microphone hears the customer, and that is not the rep.

Whether there is such a path is seen from the correlation of the channels: the generalized
cross-correlation with phase transform (Knapp and Carter 1976) of speech and its echo has a peak at
the delay of the room, and two people who talk have none. Then WebRTC's echo canceller (AEC3) takes
the echo out, and a stretch from which it took half or more was no rep.
"""

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from copilot.frames import RATE
from copilot.speech.voice import level

if TYPE_CHECKING:
    from pywebrtc_audio import EchoCanceller

WINDOW = 20  # frames that are compared: 0.4 s
REACH = 15  # frames by which an echo may lag: 0.3 s, buffers of the sound system included
EVERY = 5  # frames between two comparisons
SIZE = 16_384  # of the transform: window and reach, and no wrapping round
BAND = (300.0, 3_400.0)  # Hz, what a telephone carries
LOUD = -45.0  # dBFS from which the customer can be heard in a room
LEAKAGE = 0.01  # of the strongest part of a spectrum: -40 dB
PEAK = 0.12  # of the correlation, from which it counts; of two speakers it stays under 0.07
SAME = 24  # samples by which the delay may differ between two comparisons: 1.5 ms
SEEN, OF = 4, 6  # peaks at the same delay among the last comparisons that make a path
UNSEEN = 100  # comparisons without it that end it: 10 s of the customer's loud speech
# On 6 fixtures through 3 rooms (echo 0 to 20 dB under the customer) 19 of 219 false lines are left,
# and 1 to 4 % of the rep's speech is lost; the canceller alone left 133 of 225.
TAKEN = 3.0  # dB that the canceller must take for it to have been an echo ...
OVER = 9  # ... over so many frames: 0.18 s
LINGERS = 25  # frames that a room answers after the customer was loud: 0.5 s

Wave = NDArray[np.int16]


class Crosstalk:
    """Compares the channels frame by frame; cancels the echo once there is a path for it.

    Costs a transform of 1 s of samples every 0.1 s in which the customer speaks, and 0.7 % of a
    core for cancelling; a headset's sound is left as it is.
    """

    def __init__(self) -> None:
        self._rep: deque[Wave] = deque(maxlen=WINDOW)
        self._customer: deque[Wave] = deque(maxlen=WINDOW + REACH)
        self._delays: deque[int | None] = deque(maxlen=OF)
        self._powers: deque[tuple[float, float]] = deque(maxlen=OVER)  # before, after cancelling
        self._canceller: EchoCanceller | None = None
        self._frames = self._unseen = 0
        self._quiet = LINGERS  # frames since the customer was loud

    @property
    def path(self) -> bool:
        """Whether the microphone hears the customer."""
        return self._canceller is not None

    def hear(self, rep: Wave, customer: Wave) -> tuple[Wave, bool]:
        """Take the next frame of both; return the rep's without echo, and if it is only that."""
        self._rep.append(rep)
        self._customer.append(customer)
        self._frames += 1
        self._quiet = 0 if level(customer) > LOUD else self._quiet + 1
        full = len(self._customer) == WINDOW + REACH
        if self._frames % EVERY == 0 and full and self._quiet < WINDOW:
            self._compare()
        if self._canceller is None:
            return rep, False
        clean: Wave = self._canceller.process(rep, customer)
        self._powers.append((_power(rep), _power(clean)))
        before, after = (sum(column) for column in zip(*self._powers, strict=True))
        taken = 10.0 * np.log10((before + 1.0) / (after + 1.0))
        return clean, bool(taken > TAKEN and self._quiet < LINGERS)

    def _compare(self) -> None:
        place, alike = likeness(np.concatenate(self._rep), np.concatenate(self._customer))
        delay = place if alike >= PEAK else None
        self._delays.append(delay)
        known = [one for one in self._delays if one is not None]
        near = [one for one in known if delay is not None and abs(one - delay) <= SAME]
        if len(near) >= SEEN:
            self._unseen = 0
            if self._canceller is None:
                self._canceller = self._begun()
        elif self.path and self._quiet == 0:
            self._unseen += 1
            if self._unseen >= UNSEEN:
                self._canceller = None

    def _begun(self) -> "EchoCanceller":
        """A canceller that has heard what is still remembered."""
        from pywebrtc_audio import EchoCanceller

        canceller = EchoCanceller(sample_rate=RATE)
        for rep, customer in zip(self._rep, list(self._customer)[REACH:], strict=True):
            canceller.process(rep, customer)
        self._powers.clear()
        return canceller


def _power(wave: Wave) -> float:
    return float(np.square(wave.astype(np.float32)).mean())


def likeness(late: Wave, wave: Wave) -> tuple[int, float]:
    """By how many samples `late` follows `wave`, both ending now; and how like they are, to 1."""
    one = np.fft.rfft(late.astype(np.float32), SIZE)
    other = np.fft.rfft(wave.astype(np.float32), SIZE)
    low, high = (round(edge * SIZE / RATE) for edge in BAND)
    cross = np.zeros_like(one)
    sounds = _sounding(one[low:high]) & _sounding(other[low:high])
    product = (one * np.conj(other))[low:high]
    cross[low:high][sounds] = product[sounds] / np.abs(product[sounds])
    correlation = np.fft.irfft(cross, SIZE) * SIZE / (2 * (high - low))
    start = len(wave) - len(late)  # where `late` begins in `wave`, without a delay
    lags = correlation[(np.arange(start + 1) - start) % SIZE][::-1]
    place = int(lags.argmax())
    return place, float(lags[place])


def _sounding(spectrum: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Where there is more than a window's leakage: the phase of that is the same for any tone."""
    size = np.abs(spectrum)
    return np.asarray(size > max(1.0, LEAKAGE * float(size.max())))
