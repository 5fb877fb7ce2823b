"""Fits the weights of copilot/dialogue/weights.json on labelled calls the network was not taught.

python -m tests.training.fit --look HALF ROWS        look at one half of the files: write rows
python -m tests.training.fit ROWS ...                fit, and write the weights
python -m tests.training.fit --across ROWS ...       fit on some calls, score the others; no write

Rows are of a network that was not taught those files; see tests.training.teach.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from copilot.dialogue import judge
from copilot.dialogue.customer import CustomerReader
from copilot.dialogue.floor import Floor
from copilot.dialogue.judge import Model, Weights
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import load_playbook
from copilot.dialogue.rep import RepReader
from copilot.dialogue.space import multilingual_encoder
from copilot.dialogue.talk import Reading, Talk
from copilot.events import ActKind, Speaker
from tests.benchmarks.corpus import FOLDER, Labelled, numbered
from tests.training.lessons import ACTS, HALVES, bared

PENALTY = 300.0  # of squared weights of standardised features; measured across the files
LEAP = 0.5  # the largest change of a weight in one step of Newton's method
ENOUGH = 0.42  # probability from which a line is an act: F1 wants a little less than even
RIGHT = 0.95  # share of the lines judged to be surely an act that are; measured on cues
SURER = {ActKind.NO: 0.97}  # the act on which most warnings hang
BY_CUES = {  # probabilities instead, that gave the best cues in the development part
    ActKind.CLOSING_QUESTION: 0.64,
    ActKind.HESITATION: ENOUGH,
    ActKind.FINAL_NO: ENOUGH,
}
Matrix = NDArray[np.float64]
Lines = NDArray[np.bool_]
Readers = Mapping[Speaker, RepReader | CustomerReader]


class Row(Struct):
    """One line of the corpus as the models see it."""

    call: int
    speaker: Speaker
    features: dict[str, float]
    acts: frozenset[ActKind]


def judged(speaker: Speaker) -> list[ActKind]:
    """The acts that a model decides on."""
    return [ActKind(act) for act in ACTS[speaker] if act in set(ActKind)]


def rows(name: str) -> list[Row]:
    """Look at every line of a file where it stands, the lines before it read without a mistake."""
    threadpool_limits(1, user_api="blas")
    playbook = load_playbook(name[:2])
    given = (playbook, multilingual_encoder(), Network(), Model({}))
    readers: Readers = {
        Speaker.REP: RepReader(*given),
        Speaker.CUSTOMER: CustomerReader(*given),
    }
    found: list[Row] = []
    for number, call in _ways(name):
        talk = Talk(playbook.words, playbook.thresholds, Floor())
        found += _looked(call, number, readers, talk)
    return found


def _ways(name: str) -> Iterator[tuple[int, list[Labelled]]]:
    """The calls of a file as written, without signs, and as they were heard."""
    for number, call in numbered(name).items():
        yield number, call
        yield number, [msgspec.structs.replace(one, text=bared(one.text)) for one in call]
    if (FOLDER / "heard" / f"{name}.txt").is_file():
        yield from numbered(f"heard/{name}").items()


def _looked(
    call: Sequence[Labelled],
    number: int,
    readers: Readers,
    talk: Talk,
) -> Iterator[Row]:
    clock = 0.0
    for labelled in call:
        line = labelled.line(clock)
        clock = line.end + 0.5
        look = readers[labelled.speaker].look(labelled.text, talk)
        yield Row(number, labelled.speaker, look.features, labelled.acts)
        asks = "asks" in look.features
        reading = Reading((), look.thought.kept)
        talk.told(line, labelled.told(line), asks=asks, reading=reading)


def fit(speaker: Speaker, lines: Sequence[Row]) -> Model:
    """Fit one logistic model an act, as far from what the network says as the lines call for."""
    own = [row for row in lines if row.speaker is speaker]
    names = sorted({name for row in own for name in row.features})
    plain = np.array([[row.features.get(name, 0.0) for name in names] for row in own])
    middle, spread = plain.mean(0), plain.std(0) + 1e-3
    design = np.c_[(plain - middle) / spread, np.ones(len(own))]
    half = np.array([row.call % 2 == 0 for row in own])
    acts = {}
    for act in judged(speaker):
        target = np.array([act in row.acts for row in own])
        said = np.array([row.features[f"net:{act}"] for row in own])
        solved = _newton(design, target, said)
        scaled = solved[:-1] / spread
        weights = {name: round(float(w), 4) for name, w in zip(names, scaled, strict=True)}
        weights["bias"] = round(float(solved[-1] - scaled @ middle), 4)
        weights[f"net:{act}"] += 1.0
        sure = BY_CUES.get(act)
        if sure is None:
            share = SURER.get(act, RIGHT)
            sure = _sure(_across(design, target, half, said), target, share)
        acts[act.value] = Weights(weights, ENOUGH, sure)
    return Model(acts)


def _across(design: Matrix, target: Lines, half: Lines, said: Matrix) -> Matrix:
    """The chance of each line by what the other half of the calls was fitted to."""
    logit = np.zeros(len(target))
    for one in (half, ~half):
        logit[one] = design[one] @ _newton(design[~one], target[~one], said[~one])
    return _chance(logit + said)


def _sure(chance: Matrix, target: Lines, share: float) -> float:
    """The chance from which this share of the lines that reach it are the act."""
    order = np.argsort(-chance)
    right = np.cumsum(target[order]) / np.arange(1, len(order) + 1)
    reach = np.flatnonzero(right >= share)
    lowest = float(chance[order[reach[-1]]]) if reach.size else 1.0
    return round(max(ENOUGH, lowest), 3)


def _chance(logit: Matrix) -> Matrix:
    chance: Matrix = 1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30)))
    return chance


def _newton(design: Matrix, target: Lines, said: Matrix) -> Matrix:
    """The weights that are added to the network's own logit."""
    weights = np.zeros(design.shape[1])
    penalty = np.full(design.shape[1], PENALTY)
    penalty[-1] = 1e-3
    for _ in range(60):
        chance = _chance(design @ weights + said)
        slope = design.T @ (chance - target) + penalty * weights
        bend = (design.T * (chance * (1.0 - chance))) @ design + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        longest = float(np.abs(step).max())
        weights = weights - step * min(1.0, LEAP / max(longest, LEAP))
        if longest < 1e-4:
            break
    return weights


def score(models: Mapping[str, Model], lines: Sequence[Row]) -> None:
    """Print precision, recall and F1 of each act on lines that were not fitted."""
    every = []
    for speaker in Speaker:
        own = [row for row in lines if row.speaker is speaker]
        odds = [models[speaker].odds(row.features) for row in own]
        for act in judged(speaker):
            found = np.array([one[act] >= 1.0 for one in odds])
            true = np.array([act in row.acts for row in own])
            hit = int((found & true).sum())
            precision, recall = hit / max(1, found.sum()), hit / max(1, true.sum())
            every.append(2 * hit / max(1, found.sum() + true.sum()))
            print(
                f"{speaker:9}{act:18}{precision:6.2f}{recall:6.2f}{every[-1]:6.2f}  of {true.sum()}"
            )
    print(f"macro {np.mean(every):.3f}")


def look(path: Path, half: int) -> None:
    """Write what the network that is there now makes of one half of the files."""
    with ProcessPoolExecutor() as pool:
        lines = [row for found in pool.map(rows, HALVES[half]) for row in found]
    path.write_bytes(msgspec.msgpack.encode(lines))


def main() -> None:
    """Look, or fit and write, or fit and score across halves."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="+", type=Path)
    parser.add_argument("--look", type=int, choices=[0, 1], help="half to look at")
    parser.add_argument("--across", action="store_true")
    options = parser.parse_args()
    if options.look is not None:
        look(options.rows[0], options.look)
        return
    lines = [
        row
        for path in options.rows
        for row in msgspec.msgpack.decode(path.read_bytes(), type=list[Row])
    ]
    if options.across:
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
