"""What a prompt from the playbook gains in recognition, and what it makes up.

    python -m tests.benchmarks.bias

Rep lines of a labelled pass are spoken over a noisy telephone (as tests.training.hear does) and
recognised with no prompt, with closing phrases of the playbook, and with a list of prepared
questions. Gain: closing and prepared questions that are understood. Price: lines that hold neither
and are taken for one. Needs what audio_fixtures/make.py needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console as Terminal
from threadpoolctl import threadpool_limits

from copilot.dialogue.acts import Interpreter, Understanding
from copilot.dialogue.floor import Floor
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.space import multilingual_encoder
from copilot.events import ActKind, Line, Speaker
from copilot.speech.model import find_model
from copilot.speech.recognizer import Whisper
from tests.benchmarks.corpus import Labelled, calls
from tests.benchmarks.tables import Figures
from tests.benchmarks.words import word_errors
from tests.training.hear import make, spoken
from tests.training.lessons import bared

LABELLED = "nl_pass2"
TELEPHONE = 1  # a call with an odd number goes by telephone
NOISE = 10 ** (-10 / 20)  # RMS beside that of the line: 10 dB
CLOSINGS, PREPARED, OTHERS = 60, 30, 120  # lines of each kind at most
PHRASES = 8  # of the playbook in the prompt
Sound = NDArray[np.int16]


@dataclass(frozen=True)
class Heard:
    """A line, and what was made of it."""

    true: str
    text: str
    closing: bool
    prepared: bool


def lines() -> tuple[list[Labelled], list[Labelled], list[Labelled]]:
    """Closing questions, questions that were prepared, and other lines of the rep."""
    rep = [one for call in calls(LABELLED) for one in call if one.speaker is Speaker.REP]
    closing = [one for one in rep if ActKind.CLOSING_QUESTION in one.acts]
    others = [one for one in rep if ActKind.CLOSING_QUESTION not in one.acts]
    closed = [one for one in others if ActKind.CLOSED_QUESTION in one.acts]
    prepared = closed[:: max(1, len(closed) // PREPARED)][:PREPARED]
    rest = [one for one in others if one not in prepared]
    return closing[:CLOSINGS], prepared, rest[:: max(1, len(rest) // OTHERS)][:OTHERS]


def noisy(text: str) -> Sound:
    """A line by telephone, in a noisy room."""
    sound = spoken(text, "nl", Speaker.REP, TELEPHONE).astype(np.float64) / 32767
    generator = np.random.default_rng(len(text))
    level = float(np.sqrt(np.mean(sound**2))) * NOISE
    sound += make.coloured(np.ones(sound.size // 2 + 1), sound.size, generator) * level
    return np.asarray(np.clip(np.rint(sound * 32767), -32768, 32767), np.int16)


def hear(whisper: Whisper, learned: Understanding, questions: list[str], text: str) -> Heard:
    """Recognise and understand one line by itself."""
    words = whisper.transcribe(noisy(text))
    said = words.text if words else ""
    line = Line(2.0, Speaker.REP, 0.0, 2.0, said or "...", 1.0)
    meant = Interpreter(learned, Floor(), questions).understand(line)
    closing = meant.act(ActKind.CLOSING_QUESTION) is not None
    return Heard(text, said, closing, meant.prepared is not None)


def main() -> None:
    """Print the table."""
    threadpool_limits(1, user_api="blas")
    playbook = load_playbook("nl")
    learned = Understanding(playbook, multilingual_encoder(), Network())
    closing, prepared, others = lines()
    questions = [one.text for one in prepared]
    phrases = [one for one in playbook.examples.rep.closing_question if one.endswith("?")]
    prompts = {
        "no prompt": "",
        "closing phrases": " ".join(phrases[:PHRASES]),
        "prepared questions": " ".join(questions[:PHRASES]),
    }
    columns = ("closing found", "prepared found", "false closing", "false prepared", "WER")
    table = Figures(
        f"Prompt: {len(closing)} closing, {len(prepared)} prepared, {len(others)} other", *columns
    )
    for name, prompt in prompts.items():
        with Whisper(find_model("base").folder, "nl", prompt=prompt) as whisper:
            found = [
                [hear(whisper, learned, questions, one.text) for one in some]
                for some in (closing, prepared, others)
            ]
        table.add(name, *_cells(*found))
    table.show(Terminal(width=120), "by telephone, 10 dB of noise; shares in %; WER over all lines")


def _cells(
    closing: Sequence[Heard], prepared: Sequence[Heard], others: Sequence[Heard]
) -> tuple[str, ...]:
    every = [*closing, *prepared, *others]
    words = [(bared(one.true).split(), bared(one.text).split()) for one in every]
    errors = sum(word_errors(true, text) for true, text in words)
    shares = (
        np.mean([one.closing for one in closing]),
        np.mean([one.prepared for one in prepared]),
        np.mean([one.closing for one in others]),
        np.mean([one.prepared for one in [*closing, *others]]),
        errors / sum(len(true) for true, _ in words),
    )
    return tuple(f"{100 * share:.1f}" for share in shares)


if __name__ == "__main__":
    main()
