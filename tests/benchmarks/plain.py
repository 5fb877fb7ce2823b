"""The plain pipeline to compare with: webrtcvad endpoints, and faster-whisper as it comes.

    python -m tests.benchmarks.plain CALL [--pace 1] [--temperature 0]

Mode 3, 300 ms of silence ends a line, one worker that hears the lines of both speakers in turn.
Writes the same event log as the copilot, as far as it goes: started, line, ended.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Annotated, Self

import numpy as np
import typer
import webrtcvad
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio
from numpy.typing import NDArray

from copilot.events import Ended, Event, Line, Speaker, Started
from copilot.frames import FRAME, RATE, seconds
from copilot.sinks.eventlog import encode
from copilot.speech.model import find_model

MODE = 3
SILENCE = 15  # frames of 20 ms that end a line: 300 ms
ONSET = 3  # voiced frames in a row that begin one
MARGIN = 5  # frames of sound before and after a line

Sound = NDArray[np.float32]  # mono, -1..1


@dataclass(frozen=True)
class Stretch:
    """A line as sound, in samples of the call."""

    at: int  # when its end was found
    start: int
    end: int


class Endpointer:
    """Finds the lines of one channel."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(MODE)
        self._run, self._voiced, self._frame = 0, 0, -1
        self._start: int | None = None

    def hear(self, frame: NDArray[np.int16]) -> Stretch | None:
        """Take the next 20 ms; return the line that ended with them."""
        self._frame += 1
        voiced = bool(self._vad.is_speech(frame.tobytes(), RATE))
        self._run = self._run + 1 if voiced else 0
        self._voiced = self._frame if voiced else self._voiced
        if self._start is None and self._run == ONSET:
            self._start = self._frame - ONSET + 1
        if self._start is not None and self._frame - self._voiced >= SILENCE:
            return self.finish()
        return None

    def finish(self) -> Stretch | None:
        """The line that is going on, as if it ended here."""
        start, self._start = self._start, None
        if start is None:
            return None
        return Stretch((self._frame + 1) * FRAME, start * FRAME, (self._voiced + 1) * FRAME)


def stretches(call: Sound) -> Iterator[tuple[Speaker, Stretch]]:
    """The lines of both speakers (shape (2, n)) in the order in which their ends are found."""
    ears = {speaker: Endpointer() for speaker in Speaker}
    samples = (call * 32767).astype(np.int16)
    for start in range(0, samples.shape[1] - FRAME + 1, FRAME):
        for (speaker, ear), channel in zip(ears.items(), samples, strict=True):
            if found := ear.hear(channel[start : start + FRAME]):
                yield speaker, found
    for speaker, ear in ears.items():
        if found := ear.finish():
            yield speaker, found


def read_call(path: Path) -> Sound:
    """Both channels of a call."""
    return np.stack(decode_audio(str(path), split_stereo=True))


class Plain:
    """The pipeline; the log is written as lines become known."""

    def __init__(self, call: Sound, model: Path, language: str, temperature: float | None) -> None:
        self._call, self._model, self._language = call, model, language
        self._temperature = temperature
        self._lock = Lock()

    def __enter__(self) -> Self:
        threads = min(os.cpu_count() or 1, 2)
        folder = str(self._model)
        self._whisper = WhisperModel(folder, "cpu", compute_type="int8", cpu_threads=threads)
        self._pool = ThreadPoolExecutor(1)
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown()

    def hear(self, pace: float | None) -> None:
        """Hear the whole call."""
        begun = time.monotonic()
        for speaker, found in stretches(self._call):
            if pace is not None:
                time.sleep(max(0.0, begun + seconds(found.at) / pace - time.monotonic()))
            self._pool.submit(self._line, speaker, found)

    def emit(self, event: Event) -> None:
        """Write an event."""
        with self._lock:
            sys.stdout.buffer.write(encode(event))
            sys.stdout.buffer.flush()

    def _line(self, speaker: Speaker, found: Stretch) -> None:
        first = max(0, found.start - MARGIN * FRAME)
        channel = self._call[list(Speaker).index(speaker)]
        text = self._text(channel[first : found.end + MARGIN * FRAME])
        start, end = seconds(found.start), seconds(found.end)
        self.emit(Line(seconds(found.at), speaker, start, end, text, 1.0))

    def _text(self, sound: Sound) -> str:
        if self._temperature is None:
            told, _ = self._whisper.transcribe(sound, language=self._language)
        else:
            told, _ = self._whisper.transcribe(
                sound, language=self._language, temperature=self._temperature
            )
        return " ".join(segment.text.strip() for segment in told)


def main(
    source: Path,
    language: str = "nl",
    model: str = "base",
    pace: float | None = None,
    temperature: Annotated[float | None, typer.Option(help="Else faster-whisper's six.")] = None,
) -> None:
    """Hear a call with the plain pipeline."""
    call = read_call(source)
    end = seconds(call.shape[1])
    with Plain(call, find_model(model).folder, language, temperature) as pipeline:
        pipeline.emit(Started(0.0, "", source.name, language, model, "plain"))
        pipeline.hear(pace)
    pipeline.emit(Ended(end, "end of the recording"))


if __name__ == "__main__":
    typer.run(main)
