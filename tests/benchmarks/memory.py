"""How much memory a replay holds at most, after some minutes and after hours."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from rich.console import Console as Terminal

from .calls import Call
from .command import Run, copilot, plain, watch
from .tables import Figures, figure, ratio

TARGET = 700.0  # MB
EARLY = 600.0  # s of call after which the memory must have stopped growing
RATE = 16_000
NOTE = (
    "VmHWM of the process. The long call is the Dutch fixtures in turn, over and over, as one "
    "file; the ratio is to its first 10 minutes."
)


def measure(calls: Sequence[Call], model: str, minutes: float, terminal: Terminal) -> None:
    """Print the table."""
    title = "Peak memory of an unpaced replay (MB)"
    table = Figures(title, "peak", "ratio", "target", "call s / wall s")
    for name, command in (("copilot", copilot), ("plain", plain)):
        run = watch(command(calls[0], model))
        speed = figure(calls[0].length / run.hearing, 1)
        table.add(f"{name}, {calls[0].name}", figure(run.peak, 0), "", "", speed)
    length = minutes * 60
    run = _long_run(calls, model, length)
    early = _peak_until(run, EARLY)
    table.add(f"copilot, first {min(length, EARLY) / 60:g} minutes", figure(early, 0), "", "", "")
    speed = figure(length / run.hearing, 1)
    grown, target = ratio(run.peak, early), figure(TARGET, 0)
    table.add(f"copilot, all {minutes:g} minutes", figure(run.peak, 0), grown, target, speed)
    table.show(terminal, NOTE)


def _long_run(calls: Sequence[Call], model: str, length: float) -> Run:
    dutch = [call for call in calls if call.language == "nl"] or list(calls)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.flac"
        write_loop(path, [call.sound for call in dutch], length)
        return watch(copilot(replace(dutch[0], sound=path, questions=None), model))


def _peak_until(run: Run, moment: float) -> float:
    return max(told.peak for told in run.told if told.event.at <= moment)


def write_loop(path: Path, sounds: Sequence[Path], length: float) -> None:
    """Write one long recording: these in turn, over and over, for so many seconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="stereo")
        written = 0
        for frame in _over_and_over(sounds):
            frame.pts = written
            container.mux(stream.encode(frame))
            written += frame.samples
            if written >= length * RATE:
                break
        container.mux(stream.encode(None))


def _over_and_over(sounds: Sequence[Path]) -> Iterator[AudioFrame]:
    while True:
        for sound in sounds:
            resampler = AudioResampler("s16", "stereo", RATE, frame_size=4096)
            with av.open(str(sound)) as container:
                for frame in container.decode(audio=0):
                    yield from resampler.resample(frame)
            # what is left in the resampler is less than a frame, which FLAC wants last
