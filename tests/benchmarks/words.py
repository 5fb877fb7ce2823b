"""Word errors and time of the fitted window, on read Dutch sentences and one core."""

import io
import re
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio
from numpy.typing import NDArray
from rich.console import Console as Terminal
from threadpoolctl import threadpool_limits

from copilot.dialogue.playbook import load_playbook
from copilot.speech.model import find_model
from copilot.speech.recognizer import Whisper

from .tables import Figures, figure, median, percentile, ratio

FOLDER = Path(__file__).parents[3] / "shared" / "audio" / "nl_read"  # not part of the project
TELEPHONE = 8_000  # Hz
NOTE = (
    "WER in %, pooled; letters and digits only, case folded. 'points' is the paired difference to "
    "the 30 s window, with the standard error of the sum over sentences; better/worse counts "
    "sentences. Time per line in s. The 30 s window: WhisperModel.transcribe, temperature 0, beam "
    "5, no timestamps. Targets for the fitted window: at most +1.5 points, at least 4 times as "
    "fast."
)

Sound = NDArray[np.int16]  # mono, 16 kHz
Recogniser = Callable[[Sound], str]


@dataclass
class Score:
    """A recogniser's errors and times, sentence by sentence."""

    errors: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def measure(model: str, every: int, terminal: Terminal) -> None:
    """Print a table for the clean sentences and one for the same by telephone."""
    if not FOLDER.is_dir():
        terminal.print(f"words: skipped, the read sentences are not here ({FOLDER.name})")
        return
    rows = [line.split("\t") for line in (FOLDER / "transcripts.tsv").read_text().splitlines()]
    sentences = [(_read(FOLDER / name), text) for name, text in rows[::every]]
    folder = find_model(model).folder
    prompt = load_playbook("nl", None).hearing.prompt
    with ExitStack() as stack:
        stack.enter_context(threadpool_limits(1, user_api="blas"))  # as copilot.app has it
        recognisers = {
            "30 s window": _whole_window(folder),
            "fitted window": _fitted(stack.enter_context(Whisper(folder, "nl"))),
        }
        if prompt:
            prompted = stack.enter_context(Whisper(folder, "nl", prompt=prompt))
            recognisers["fitted window, playbook's prompt"] = _fitted(prompted)
        for title, spoil in (("clean", _as_it_is), ("G.711 A-law, 8 kHz", by_telephone)):
            heard = [(spoil(sound), text) for sound, text in sentences]
            _show(title, heard, _scored(recognisers, heard), terminal)


def _scored(
    recognisers: dict[str, Recogniser], heard: Sequence[tuple[Sound, str]]
) -> dict[str, Score]:
    """All recognisers on one sentence before the next, so that a busy moment hurts all."""
    scores = {name: Score() for name in recognisers}
    for sound, text in heard:
        for name, recognise in recognisers.items():
            begun = time.monotonic()
            answer = recognise(sound)
            scores[name].times.append(time.monotonic() - begun)
            scores[name].errors.append(word_errors(_words(text), _words(answer)))
    return scores


def _show(
    title: str, heard: Sequence[tuple[Sound, str]], scores: dict[str, Score], terminal: Terminal
) -> None:
    spoken = sum(len(_words(text)) for _, text in heard)
    columns = ["WER", "points", "better/worse", "median s", "p95 s", "mean s", "times as fast"]
    table = Figures(f"Words, {title}: {len(heard)} sentences, {spoken} words", *columns)
    whole = next(iter(scores.values()))
    for name, score in scores.items():
        difference = np.subtract(score.errors, whole.errors)
        deviation = float(difference.std(ddof=1)) * len(difference) ** 0.5
        table.add(
            name,
            figure(100 * sum(score.errors) / spoken, 1),
            f"{100 * difference.sum() / spoken:+.1f} ± {100 * deviation / spoken:.1f}",
            f"{(difference < 0).sum()}/{(difference > 0).sum()}",
            figure(median(score.times)),
            figure(percentile(score.times, 95)),
            figure(sum(score.times) / len(score.times)),
            ratio(sum(whole.times), sum(score.times)),
        )
    table.show(terminal, NOTE)


def _whole_window(folder: Path) -> Recogniser:
    model = WhisperModel(str(folder), "cpu", compute_type="int8", cpu_threads=1)

    def recognise(sound: Sound) -> str:
        segments, _ = model.transcribe(
            sound.astype(np.float32) / 32768.0,
            language="nl",
            temperature=0,
            beam_size=5,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text for segment in segments)

    return recognise


def _fitted(whisper: Whisper) -> Recogniser:
    def recognise(sound: Sound) -> str:
        words = whisper.transcribe(sound)
        return words.text if words else ""

    return recognise


def word_errors(spoken: Sequence[str], heard: Sequence[str]) -> int:
    """Substitutions, deletions and insertions (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(spoken, 1):
        above, row = row, [place]
        for column, other in enumerate(heard, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (word != other)))
    return row[-1]


def by_telephone(sound: Sound) -> Sound:
    """Through A-law at 8 kHz and back, by FFmpeg's own coder."""
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as container:
        stream = container.add_stream("pcm_alaw", rate=TELEPHONE, layout="mono")
        frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 16_000
        resampler = AudioResampler("s16", "mono", TELEPHONE)
        for narrow in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(narrow))
        container.mux(stream.encode(None))
    file.seek(0)
    return _samples(file)


def _as_it_is(sound: Sound) -> Sound:
    return sound


def _read(path: Path) -> Sound:
    return _samples(path.open("rb"))


def _samples(file: io.BufferedIOBase) -> Sound:
    return np.asarray(decode_audio(file) * 32768.0, np.int16)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
