"""What the recogniser makes of the labelled calls, spoken by a machine over a telephone.

    python -m tests.training.hear nl_test en_test ...      writes tests/corpus/heard/NAME.txt
    python -m tests.training.hear --every 3 nl_calls1 ...  one call in three: the 1st, 4th, 7th

Every other call goes by telephone (300 to 3400 Hz, noise of the line, G.711), the others are clean.
Labels stay; a line of which nothing was heard is left out. Needs what audio_fixtures/make.py needs.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from copilot.dialogue.playbook import load_playbook
from copilot.events import Speaker
from copilot.speech.model import find_model
from copilot.speech.recognizer import Whisper
from tests.benchmarks.corpus import FOLDER, SPEAKERS

_MAKER = Path(__file__).parents[2] / "audio_fixtures" / "make.py"
_SPEC = spec_from_file_location("make_fixtures", _MAKER)
if _SPEC is None or _SPEC.loader is None:
    raise ImportError(_MAKER)
make = module_from_spec(_SPEC)
sys.modules[_SPEC.name] = make  # its dataclasses look their module up
_SPEC.loader.exec_module(make)

HEARD = FOLDER / "heard"
LEAD, TAIL = 0.3, 0.2  # s of the room's noise around a line, as `speech` cuts it
WORKERS = 2
VOICES = {"nl": {Speaker.REP: "nl2", Speaker.CUSTOMER: "nl2"},
          "en": {Speaker.REP: "us2", Speaker.CUSTOMER: "us1"}}  # fmt: skip


def main() -> None:
    """Hear the named files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="+")
    parser.add_argument("--every", type=int, default=1, help="leave out the calls between")
    options = parser.parse_args()
    hear(options.names, options.every)


def hear(names: list[str], every: int) -> None:
    """Write what is heard of one call in so many."""
    HEARD.mkdir(exist_ok=True)
    threadpool_limits(1, user_api="blas")
    for name in names:
        language = name[:2]
        phantoms = load_playbook(language).hearing.phantoms
        folder = find_model("base").folder
        rows = list(_rows(name, every))
        with (
            Whisper(folder, language, phantoms=phantoms, workers=WORKERS) as whisper,
            ThreadPoolExecutor(WORKERS) as pool,
        ):
            texts = list(pool.map(partial(_heard, language=language, whisper=whisper), rows))
        written = [text for text in texts if text is not None]
        (HEARD / f"{name}.txt").write_text("\n".join(written) + "\n", encoding="utf-8")
        print(f"{name}: {len(written)} of {len(rows)} lines")


def _rows(name: str, every: int) -> Iterator[tuple[int, str]]:
    """The rows of a corpus file to hear, each with the number of its call; all headers stay."""
    call = 0
    for row in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        call += row.startswith("==")
        if row.startswith("==") or (row.strip() and call % every == 1 % every):
            yield call, row


def _heard(numbered: tuple[int, str], language: str, whisper: Whisper) -> str | None:
    call, row = numbered
    if row.startswith("=="):
        return row
    speaker, _, rest = row.partition(":")
    text, _, labels = rest.rpartition("|")
    sound = spoken(text.strip(), language, SPEAKERS[speaker.strip()], call)
    words = whisper.transcribe(sound)
    return f"{speaker}: {words.text} |{labels}" if words else None


def spoken(text: str, language: str, speaker: Speaker, call: int) -> NDArray[np.int16]:
    """A line as that speaker of that call says it: mono, 16 kHz."""
    generator = np.random.default_rng(crc32(f"{call}{speaker}".encode()))
    usual = make.VOICES[VOICES[language][speaker]]
    pitch = int(generator.integers(35, 60)) + 20 * (speaker is Speaker.CUSTOMER)
    voice = make.Voice(
        usual.name, int(usual.speed * generator.uniform(0.95, 1.15)), pitch, usual.rhythm
    )
    sound = make.speak(text, voice)
    sound = np.pad(sound, (round(LEAD * make.RATE), round(TAIL * make.RATE) + sound.size % 2))
    sound *= make.PEAK / max(float(np.abs(sound).max()), make.PEAK / 100)
    sound = sound + make.room_noise(sound.size, generator)
    if call % 2:
        narrow = make.telephone(sound, generator)
        sound = _wide(narrow)
    return np.asarray(np.clip(np.rint(sound * 32767), -32768, 32767), np.int16)


def _wide(narrow: NDArray[np.float64]) -> NDArray[np.float64]:
    """8 kHz to 16 kHz, by the Fourier transform."""
    spectrum = np.fft.rfft(narrow)
    wide: NDArray[np.float64] = np.fft.irfft(
        np.pad(spectrum, (0, narrow.size // 2)), 2 * narrow.size
    )
    return wide * 2


if __name__ == "__main__":
    main()
