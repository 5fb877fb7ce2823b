"""Speech to text: faster-whisper's model, given a window that fits what was said."""

import math
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ModelError
from copilot.frames import RATE
from copilot.speech.doubt import believed, folded
from copilot.speech.language import SHORTEST, foreign
from copilot.speech.words import Words

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper.tokenizer import Tokenizer

WINDOW = 10.0  # s, the shortest window the encoder is given; 8 s costs a point of word error more
ROOM = 1.0  # s of silence after what was said; Whisper stumbles over a word at the window's edge
BEAM = 5
NO_REPEAT = 3  # words (tokens) in a row that may not come twice: short windows invite loops
TOKENS_AT_LEAST = 12  # of text, however short the line
TOKENS_A_SECOND = 8.0  # of text at most; what goes on longer is a loop
HOP = 160  # samples between the spectrogram's frames, Whisper's own


class Recognizer(Protocol):
    """Whatever turns the samples of one line into words, without making the caller wait."""

    def submit(self, samples: NDArray[np.int16]) -> "Future[Words | None]":
        """Take one line (mono, 16 kHz); the answer is None when it holds no speech."""
        ...


class Whisper:
    """The recogniser: one copy of the weights, some workers that share it.

    The encoder is paid by the second of window, so a short line gets a short window. See
    `tests/benchmarks` for the word error rate and the time that this costs and saves.

    Args:
        folder: a converted model (`copilot.speech.model` finds it).
        language: code as Whisper knows it, such as `nl`.
        prompt: text the model is told came before, to bias it towards a team's words; may be empty.
        phantoms: lines that Whisper invents in noise, dropped whenever they are all it heard.
        others: languages that a call might be in by mistake, for whoever looks.
        workers: lines recognised at the same time, each on one core: a second thread makes a
            line slower (0.36 s instead of 0.31 s on two cores), its steps are that small.
    """

    def __init__(
        self,
        folder: Path,
        language: str,
        *,
        prompt: str = "",
        phantoms: Iterable[str] = (),
        others: Iterable[str] = (),
        workers: int = 1,
    ) -> None:
        self._folder, self._language, self._prompt = folder, language, prompt
        self._workers = workers
        self._phantoms = frozenset(folded(line) for line in phantoms)
        self._others = sorted(set(others) - {language})

    def __enter__(self) -> Self:
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        try:
            whisper = WhisperModel(
                str(self._folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=1,
                num_workers=self._workers,
                local_files_only=True,
            )
            multilingual = whisper.model.is_multilingual
            tokenizer = Tokenizer(whisper.hf_tokenizer, multilingual, "transcribe", self._language)
        except (RuntimeError, ValueError) as error:
            message = f"{self._folder}: no Whisper model for language {self._language} ({error})"
            raise ModelError(f"{message}; give another --model") from error
        self._model, self._extractor = whisper.model, whisper.feature_extractor
        self._tokenizer, self._start = tokenizer, _beginning(tokenizer, self._prompt)
        self._looks = multilingual and bool(self._others)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="recognizer")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="language")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in (self._pool, self._aside):
            pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, samples: NDArray[np.int16]) -> "Future[Words | None]":
        """Recognise one line on a worker; lines are begun in the order of submission."""
        return self._pool.submit(self.transcribe, samples)

    def transcribe(self, samples: NDArray[np.int16]) -> Words | None:
        """Recognise one line (mono, 16 kHz) here and now; None when it holds no speech."""
        duration = len(samples) / RATE
        from ctranslate2 import StorageView

        sound = self._model.encode(StorageView.from_array(self._features(samples)))
        answer = self._model.generate(
            sound,
            [self._start],
            beam_size=BEAM,
            no_repeat_ngram_size=NO_REPEAT,
            max_length=len(self._start) + TOKENS_AT_LEAST + round(TOKENS_A_SECOND * duration),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        text = self._tokenizer.decode(answer.sequences_ids[0])
        words = believed(text, answer.scores[0], answer.no_speech_prob, duration, self._phantoms)
        if words is None or not self._looks or len(samples) < SHORTEST:
            return words
        return words._replace(look=partial(self._aside.submit, self._foreign, sound))

    def _foreign(self, sound: "StorageView") -> float:
        """The log odds that a line, as encoded, is in one of the other languages."""
        chances = {
            token.strip("<|>"): chance for token, chance in self._model.detect_language(sound)[0]
        }
        return foreign(chances, self._language, self._others)

    def _features(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Log-mel spectrogram, shape (1, mels, frames of 10 ms), of the line and some silence."""
        length = max(WINDOW, len(samples) / RATE + ROOM)
        frames = 2 * math.ceil(length * 50)  # the encoder halves the number of frames
        sound = np.zeros(frames * HOP, np.float32)
        sound[: len(samples)] = samples.astype(np.float32) / 32768.0
        spectrum = self._extractor(sound, padding=0)
        missing = frames - spectrum.shape[-1]
        return np.pad(spectrum, ((0, 0), (0, max(0, missing))), mode="edge")[None, :, :frames]


def _beginning(tokenizer: "Tokenizer", prompt: str) -> list[int]:
    """The tokens that the answer continues."""
    start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    if not prompt:
        return start
    return [tokenizer.sot_prev, *tokenizer.encode(" " + prompt.strip()), *start]
