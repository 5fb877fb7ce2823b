"""Teaches the network and writes copilot/dialogue/acts.{onnx,json,npz}.

    python -m tests.training.teach --state taught.pt             first
    python -m tests.training.fit                                 then, on calls it does not know
    python -m tests.training.teach --state taught.pt --review    last

Needs the extra `train`; two cores take about an hour. A review goes on from the state with the
calls that the judge was fitted on, and some of the others, at a lower rate; the judge stays. The
test part is never taught. What ships lies half way between the state that the judge was fitted on
and the reviewed one (`--epochs 0 --review --state REVIEWED --mix TAUGHT`): surer of itself than the
first, and still the one that the judge knows. Prints the F1 of each act on some files, at first not
taught either.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from wordfreq import top_n_list

from copilot.dialogue import network as runtime
from copilot.dialogue.network import UNKNOWN, Laid, lay_out
from tests.benchmarks.corpus import FOLDER, calls
from tests.training.lessons import ACTS, FOR_THE_JUDGE, Lesson, Lessons, gather, lessons
from tests.training.network import Network
from tests.training.seed import load_seed, pruned, tokenizer_of

LANGUAGES = {"nl": 60_000, "en": 40_000}  # common words of each whose pieces are kept
OUTPUTS = [(speaker, act) for speaker, acts in ACTS.items() for act in acts]
FOR_FIGURES = "test"  # in the name of a file that is never taught
RATE, REVIEW_RATE, HEAD_TIMES = 3e-4, 1e-4, 3.0  # of learning; that of the head is higher
NEW = 0.5  # of a mixture, the share of what was taught last
AGAIN = 0.1  # of what is known, in each round of a review
BATCH, WARM_UP, DECAY = 24, 0.06, 0.01
SORTED = 40  # batches whose lines are sorted by length together
WHERE = Path(runtime.__file__).parent
PADDING = 1
MISSED = 0.08  # of the pieces, while it is taught: recognition misses some too
CORES = 2
Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


class Options(NamedTuple):
    """What the command line says."""

    epochs: int
    layers: int
    rate: float
    review: bool
    state: Path | None
    show: list[str]
    mix: Path | None


def taught(*, review: bool) -> list[str]:
    """The corpus files to teach from."""
    names = sorted(path.stem for path in FOLDER.glob("*.txt") if FOR_FIGURES not in path.stem)
    return [name for name in names if review or FOR_THE_JUDGE not in name]


def vocabulary(school: Lessons) -> list[str]:
    """Texts whose pieces the network must know."""
    texts = [line.text for call in school.calls for line in (*call.written, *call.heard)]
    texts += [lesson.text for lesson in school.examples]
    words = [word for language, most in LANGUAGES.items() for word in top_n_list(language, most)]
    return [*texts, *(text.lower() for text in texts), *words, *(one.capitalize() for one in words)]


def batches(items: Sequence[Lesson], tokenizer: Tokenizer, size: int) -> Iterator[Batch]:
    """Batches of lessons of like length."""
    for begin in range(0, len(items), size * SORTED):
        laid = [
            (lay_out(tokenizer, one.before, one.speaker, one.text), one)
            for one in items[begin : begin + size * SORTED]
        ]
        laid.sort(key=lambda pair: len(pair[0].pieces))
        groups = [laid[place : place + size] for place in range(0, len(laid), size)]
        Random(begin).shuffle(groups)
        yield from (_batch(group) for group in groups)


def _batch(group: Sequence[tuple[Laid, Lesson]]) -> Batch:
    length = max(len(laid.pieces) for laid, _ in group)
    pieces = np.full((len(group), length), PADDING)
    marks = np.zeros((len(group), length), int)
    for row, (laid, _) in enumerate(group):
        pieces[row, : len(laid.pieces)] = laid.pieces
        marks[row, : len(laid.pieces)] = laid.marks
    there = pieces != PADDING
    own = [[who is one.speaker for who, _ in OUTPUTS] for _, one in group]
    true = [[act in one.acts for _, act in OUTPUTS] for _, one in group]
    judged = [[act in one.judged for _, act in OUTPUTS] for _, one in group]
    weight = np.array(own, np.float32) * np.array(judged, np.float32)
    arrays = (pieces, marks, there, np.array(true, np.float32), weight)
    first, second, third, fourth, fifth = (torch.tensor(one) for one in arrays)
    return first, second, third, fourth, fifth


def teach(net: Network, school: Lessons, tokenizer: Tokenizer, options: Options) -> None:
    """Go through the lessons some times."""
    chance = Random(0)
    again = AGAIN if options.review else 1.0
    steps = options.epochs * (len(school.epoch(chance, again)) // BATCH + SORTED)
    optimizer, schedule = _learning(net, REVIEW_RATE if options.review else options.rate, steps)
    begun = time.monotonic()
    for epoch in range(options.epochs):
        net.train()
        losses = []
        for pieces, *seen, true, weight in batches(school.epoch(chance, again), tokenizer, BATCH):
            missed = (torch.rand(pieces.shape) < MISSED) & (pieces > UNKNOWN)
            heard = pieces.masked_fill(missed, UNKNOWN)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(heard, *seen)
            loss = functional.binary_cross_entropy_with_logits(
                logits.float(), true, weight, reduction="sum"
            )
            loss = loss / weight.sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        passed = time.monotonic() - begun
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}, {passed:.0f} s", flush=True)
        for name in options.show:
            show(net, name, tokenizer)


def _learning(
    net: Network, rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    """Adam, with a rate that warms up and then falls to nothing."""
    slow = [one for name, one in net.named_parameters() if one.requires_grad and "head" not in name]
    groups = [
        {"params": slow, "lr": rate},
        {"params": list(net.head.parameters()), "lr": HEAD_TIMES * rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY, fused=True)
    warm = WARM_UP * steps
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
    )
    return optimizer, schedule


def show(net: Network, name: str, tokenizer: Tokenizer) -> None:
    """Print the F1 of each act on a file that was not taught."""
    net.eval()
    hits, found, true = (np.zeros(len(OUTPUTS)) for _ in range(3))
    items = [one for call in calls(name) for one in lessons(call)]
    with torch.no_grad():
        for *seen, target, weight in batches(items, tokenizer, 64):
            guess = ((net(*seen) > 0).float() * weight).numpy()
            goal = (target * weight).numpy()
            hits, found, true = (
                hits + (guess * goal).sum(0),
                found + guess.sum(0),
                true + goal.sum(0),
            )
    figures: dict[str, list[float]] = {}
    for place, (_, act) in enumerate(OUTPUTS):
        figures.setdefault(act, [0.0, 0.0])
        figures[act][0] += 2 * hits[place]
        figures[act][1] += found[place] + true[place]
    f1 = {act: over / max(1.0, under) for act, (over, under) in figures.items()}
    macro = np.mean([value for act, value in f1.items() if "." not in act])
    print(
        f"  {name}: {macro:.3f}",
        " ".join(f"{act[:9]}={value:.2f}" for act, value in f1.items()),
        flush=True,
    )


def mixed(new: dict[str, Tensor], old: dict[str, Tensor]) -> dict[str, Tensor]:
    """Between two states of one network: better than either on calls that neither knows."""
    return {
        name: one if name == "word.weight" else NEW * one + (1 - NEW) * old[name]
        for name, one in new.items()
    }


def export(net: Network, tokenizer: Tokenizer) -> None:
    """Write what the program reads: the encoder in 8 bits, its vocabulary, and the head."""

    class Hidden(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, pieces: Tensor, marks: Tensor) -> Tensor:
            return self.net.hidden(pieces, marks, torch.ones_like(pieces))

    net.eval()
    plain = WHERE / "acts.plain.onnx"
    example = (torch.zeros((1, 9), dtype=torch.long), torch.zeros((1, 9), dtype=torch.long))
    torch.onnx.export(
        Hidden().eval(),
        example,
        str(plain),
        dynamo=False,
        opset_version=17,
        input_names=["pieces", "marks"],
        output_names=["hidden"],
        dynamic_axes={"pieces": {1: "length"}, "marks": {1: "length"}, "hidden": {1: "length"}},
    )
    quantize_dynamic(
        plain,
        WHERE / "acts.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
    )
    plain.unlink()
    tokenizer.save(str(WHERE / "acts.json"), pretty=False)
    names = json.dumps({str(speaker): acts for speaker, acts in ACTS.items()})
    weights = net.head.weight.detach().numpy().astype(np.float32)
    bias = net.head.bias.detach().numpy().astype(np.float32)
    np.savez(WHERE / "acts.npz", acts=names, weights=weights, bias=bias)


def read_options() -> Options:
    """What the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--review", action="store_true", help="all but the test part")
    parser.add_argument("--state", type=Path, help="of the weights; taken up where it is there")
    parser.add_argument("--mix", type=Path, help="an earlier state, of whose weights some stay")
    parser.add_argument("--show", nargs="*", default=["nl_pass3", "en_pass2"])
    return Options(**vars(parser.parse_args()))


def main() -> None:
    """Teach and write."""
    options = read_options()
    torch.manual_seed(0)
    torch.set_num_threads(CORES)
    names = taught(review=options.review)
    school = gather(names, list(LANGUAGES))
    print(f"{len(school.calls)} calls of {', '.join(names)}", flush=True)
    seed = pruned(load_seed(), vocabulary(school))
    tokenizer = tokenizer_of(seed.pieces, seed.scores)
    net = Network(seed, options.layers, len(OUTPUTS))
    if options.state and options.state.is_file():
        known = torch.load(options.state)
        known["word.weight"] = net.word.weight  # of another vocabulary, and never taught
        net.load_state_dict(known)
    if options.epochs:
        teach(net, school, tokenizer, options)
    if options.mix:
        net.load_state_dict(mixed(net.state_dict(), torch.load(options.mix)))
    if options.epochs and options.state:
        torch.save(net.state_dict(), options.state)
    export(net, tokenizer)


if __name__ == "__main__":
    main()
