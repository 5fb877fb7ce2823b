"""Fits the weights of copilot/dialogue/weights.json on the labelled calls.

python -m tests.benchmarks.fit           fit on all but the test part, and write the weights
python -m tests.benchmarks.fit --across  fit on one half of the calls, score the other; no write
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from copilot.dialogue import judge
from copilot.dialogue.customer import CustomerReader
from copilot.dialogue.floor import Floor
from copilot.dialogue.judge import Model
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.rep import RepReader
from copilot.dialogue.space import multilingual_encoder
from copilot.dialogue.talk import Talk
from copilot.events import SLIGHT, ActKind, Speaker
from tests.benchmarks.corpus import calls

FITTED = {
    "nl": ("nl_pass1", "nl_pass2", "nl_pass3", "nl_pass4"),
    "en": ("en_pass1", "en_pass2"),
}
ACTS = {
    Speaker.REP: ["closing_question", "why_question", "argument", "recap", "giveaway",
                  "quid_pro_quo", "goodbye"],
    Speaker.CUSTOMER: ["yes", "no", "final_no", "hesitation", "pro", "goodbye"],
}  # fmt: skip
PENALTY = 6.0  # of squared weights of standardised features
ENOUGH = 0.45
LEAP = 0.5  # the largest change of a weight in one step of Newton's method
Matrix = NDArray[np.float64]


class Row(Struct):
    """One line of the corpus as the models see it."""

    call: int
    speaker: Speaker
    features: dict[str, float]
    acts: frozenset[ActKind]


def rows(language: str, names: Sequence[str]) -> Iterator[Row]:
    """Look at every line where it stands, with the lines before it read without a mistake."""
    playbook, encoder, none = load_playbook(language), multilingual_encoder(), Model({})
    readers: dict[Speaker, RepReader | CustomerReader] = {
        Speaker.REP: RepReader(playbook, encoder, none),
        Speaker.CUSTOMER: CustomerReader(playbook, encoder, none),
    }
    for number, call in enumerate(calls(*names)):
        talk, clock = Talk(playbook.words, playbook.thresholds, Floor()), 0.0
        for labelled in call:
            line = labelled.line(clock)
            clock = line.end + 0.5
            reader = readers[labelled.speaker]
            for text in dict.fromkeys([labelled.text, bare(labelled.text)]):
                if not labelled.acts & SLIGHT:
                    features = reader.look(text, talk).features
                    yield Row(number, labelled.speaker, features, labelled.acts)
            asks = labelled.speaker is Speaker.CUSTOMER and labelled.text.endswith("?")
            talk.told(line, labelled.told(line), asks=asks)


def bare(text: str) -> str:
    """The line as recognition often writes it: no capitals, no punctuation."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).split())


def fit(speaker: Speaker, lines: Sequence[Row]) -> Model:
    """Fit one logistic model an act, by Newton's method."""
    own = [row for row in lines if row.speaker is speaker]
    names = sorted({name for row in own for name in row.features})
    plain = np.array([[row.features.get(name, 0.0) for name in names] for row in own])
    middle, spread = plain.mean(0), plain.std(0) + 1e-3
    design = np.c_[(plain - middle) / spread, np.ones(len(own))]
    weights = {}
    for act in ACTS[speaker]:
        target = np.array([act in row.acts for row in own], float)
        solved = _newton(design, target)
        scaled = solved[:-1] / spread
        weights[act] = {name: round(float(w), 4) for name, w in zip(names, scaled, strict=True)}
        weights[act]["bias"] = round(float(solved[-1] - scaled @ middle), 4)
    return Model(weights)


def _newton(design: Matrix, target: Matrix) -> Matrix:
    weights = np.zeros(design.shape[1])
    penalty = np.full(design.shape[1], PENALTY)
    penalty[-1] = 1e-3
    for _ in range(60):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (chance - target) + penalty * weights
        bend = (design.T * (chance * (1.0 - chance))) @ design + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights = weights - step * min(1.0, LEAP / float(np.abs(step).max()))
    return weights


def score(models: dict[str, Model], lines: Sequence[Row]) -> None:
    """Print precision, recall and F1 of each act on lines that were not fitted."""
    for speaker, acts in ACTS.items():
        own = [row for row in lines if row.speaker is speaker]
        chances = [models[speaker].probabilities(row.features) for row in own]
        for act in acts:
            found = np.array([chance[act] >= ENOUGH for chance in chances])
            true = np.array([act in row.acts for row in own])
            hit = int((found & true).sum())
            precision, recall = hit / max(1, found.sum()), hit / max(1, true.sum())
            f1 = 2 * hit / max(1, found.sum() + true.sum())
            print(f"{speaker:9}{act:18}{precision:6.2f}{recall:6.2f}{f1:6.2f}  of {true.sum()}")


def main() -> None:
    """Fit and write, or fit and score across halves."""
    lines = [row for language, names in FITTED.items() for row in rows(language, names)]
    if "--across" in sys.argv:
        for half in (0, 1):
            fitted = [row for row in lines if row.call % 2 == half]
            other = [row for row in lines if row.call % 2 != half]
            score({speaker: fit(speaker, fitted) for speaker in Speaker}, other)
        return
    models = {speaker: fit(speaker, lines) for speaker in Speaker}
    path = Path(judge.__file__).with_name("weights.json")
    path.write_bytes(msgspec.json.format(msgspec.json.encode(models), indent=1) + b"\n")


if __name__ == "__main__":
    main()
