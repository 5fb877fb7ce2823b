"""Teaches the network and writes copilot/dialogue/acts.{onnx,json,npz}.

    python -m tests.training.resume a.pt                              what ships, to go on from
    cp a.pt b.pt
    python -m tests.training.teach --state a.pt --half 0 --epochs 1 --again 0.2    one half of the
    python -m tests.training.fit --look 1 a.rows                      new calls, some of the rest,
    python -m tests.training.teach --state b.pt --half 1 --epochs 1 --again 0.2    and a look at the
    python -m tests.training.fit --look 0 b.rows                      other half
    python -m tests.training.teach --epochs 0 --state a.pt --mix b.pt     the mean: what ships
    python -m tests.training.fit a.rows b.rows

Needs the extra `train`; 56,000 lines take a core about 15 minutes, 25 where it has no 16 bit
arithmetic. A state is taken up where it was left; without one, it begins with the seed. The new
calls (tests.training.lessons.HALVES) are some that what is gone on from was never taught. What
ships is the mean of the states of both halves, which is better than either on calls that neither
knows (with --mix after --half, the look is at the mean of several rounds); the judge on top of it
is fitted on what each half makes of calls it was not taught, and so all labelled calls are of use
to both. The test part is never taught. Prints the F1 of each act on some files that are not taught.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from wordfreq import top_n_list

from copilot.dialogue import network as runtime
from copilot.dialogue.network import BEFORE, MARKS, UNKNOWN, lay_out
from tests.benchmarks.corpus import FOLDER, calls
from tests.training.lessons import (
    ACTS,
    HALVES,
    JUDGED,
    Course,
    Lessons,
    courses,
    gather,
)
from tests.training.network import Network, Reader
from tests.training.seed import load_seed, pruned, tokenizer_of

LANGUAGES = {"nl": 60_000, "en": 40_000}  # common words of each whose pieces are kept
OUTPUTS = [(speaker, act) for speaker, acts in ACTS.items() for act in acts]
UNTAUGHT = ("test", "dev")  # in the name of a file that is never taught
RATE, HEAD_TIMES = 2e-4, 3.0  # of learning; that of the head is higher
BATCH = 900  # pieces, with what fills up
WARM_UP, DECAY = 0.06, 0.01
SORTED = 200  # courses that are sorted by length together
WHERE = Path(runtime.__file__).parent
PADDING = 1
MISSED = 0.08  # of the pieces, while it is taught: recognition misses some too
CORES = 2  # the halves are taught side by side, on one each
SHORT = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # in software, 16 bits take 16 times as long
OUTLIERS = "/layers.4/narrow/MatMul"  # left whole, it takes a third off the error of 7 bits
Batch = tuple[tuple[Tensor, ...], Tensor, Tensor]  # what is read; the acts; which are judged


class Options(NamedTuple):
    """What the command line says."""

    epochs: int
    layers: int
    rate: float
    half: int | None
    new: list[str]
    again: float
    state: Path | None
    show: list[str]
    mix: list[Path]


def taught(half: int | None) -> list[str]:
    """The corpus files to teach from, with half of those that the judge is fitted on or none."""
    names = sorted(
        path.stem for path in FOLDER.glob("*.txt") if not any(one in path.stem for one in UNTAUGHT)
    )
    also = () if half is None else HALVES[half]
    return [name for name in names if name not in JUDGED or name in also]


def vocabulary(school: Lessons) -> list[str]:
    """Texts whose pieces the network must know."""
    texts = [line.text for call in school.calls for line in (*call.written, *call.heard)]
    texts += [line.text for example in school.examples for line in example]
    words = [word for language, most in LANGUAGES.items() for word in top_n_list(language, most)]
    return [*texts, *(text.lower() for text in texts), *words, *(one.capitalize() for one in words)]


class Page(NamedTuple):
    """A course as the network reads it, piece by piece."""

    pieces: list[int]
    places: list[int]
    marks: list[int]
    lines: list[int]  # the number of the line of each piece
    deep: list[int]  # how many lines of substance stand before the line of each piece
    slight: list[bool]  # whether its line is not looked back at
    spans: list[tuple[int, int]]  # first piece and end of each line, without begin and end
    lessons: Course


def page(course: Course, tokenizer: Tokenizer) -> Page:
    """Lay the lines of a course one behind the other."""
    found, deep = Page([], [], [], [], [], [], [], course), 0
    for number, line in enumerate(course):
        pieces = lay_out(tokenizer, line.text).pieces
        begin, count = len(found.pieces), len(pieces)
        found.spans.append((begin + 1, begin + count - 1))
        found.pieces.extend(pieces)
        found.places.extend(range(count))
        found.marks.extend([MARKS[line.speaker]] * count)
        found.lines.extend([number] * count)
        found.deep.extend([deep] * count)
        found.slight.extend([line.slight] * count)
        deep += not line.slight
    return found


def batches(courses: Sequence[Course], tokenizer: Tokenizer) -> Iterator[Batch]:
    """Batches of courses of like length."""
    pages = [page(one, tokenizer) for one in courses]
    for begin in range(0, len(pages), SORTED):
        groups: list[list[Page]] = [[]]
        for one in sorted(pages[begin : begin + SORTED], key=lambda page: len(page.pieces)):
            if (len(groups[-1]) + 1) * len(one.pieces) > BATCH:
                groups.append([])
            groups[-1].append(one)
        Random(begin).shuffle(groups)
        yield from (_batch(group) for group in groups if group)


def _batch(group: Sequence[Page]) -> Batch:
    length = max(len(one.pieces) for one in group)
    shape = (len(group), length)
    pieces, places, marks = np.full(shape, PADDING), np.zeros(shape, int), np.zeros(shape, int)
    back = np.full((*shape, length), -1)
    back[:, :, 0] = 0  # padding looks at something
    for row, one in enumerate(group):
        count = len(one.pieces)
        pieces[row, :count], places[row, :count] = one.pieces, one.places
        marks[row, :count] = one.marks
        back[row, :count, :count] = _back(one)
    lines = [(row, *span) for row, one in enumerate(group) for span in one.spans]
    lessons = [line for one in group for line in one.lessons]
    own = np.array([[who is line.speaker for who, _ in OUTPUTS] for line in lessons])
    true = [[act in line.acts for _, act in OUTPUTS] for line in lessons]
    judged = np.array([[act in line.judged for _, act in OUTPUTS] for line in lessons])
    seen = tuple(torch.tensor(np.array(one)) for one in (pieces, places, marks, back, lines))
    weight = torch.tensor((own & judged).astype(np.float32))
    return seen, torch.tensor(np.array(true, np.float32)), weight


def _back(one: Page) -> NDArray[np.int64]:
    """How many lines each piece looks back at each other; -1 where it does not look."""
    lines, deep, slight = np.array(one.lines), np.array(one.deep), np.array(one.slight)
    back: NDArray[np.int64] = deep[:, None] - deep[None, :]
    earlier = (lines[:, None] > lines[None, :]) & ~slight[None, :] & (back <= BEFORE)
    same = lines[:, None] == lines[None, :]
    return np.where(same, 0, np.where(earlier, back, -1))


def teach(net: Network, school: Lessons, tokenizer: Tokenizer, options: Options) -> None:
    """Go through the lessons some times."""
    chance = Random(0)
    new = (*options.new, *JUDGED)
    rough = school.epoch(Random(1), new, options.again)
    steps = options.epochs * sum(1 for _ in batches(rough, tokenizer))
    optimizer, schedule = _learning(net, options.rate, steps)
    begun = time.monotonic()
    for epoch in range(options.epochs):
        net.train()
        losses = []
        for (pieces, *seen), true, weight in batches(
            school.epoch(chance, new, options.again), tokenizer
        ):
            missed = (torch.rand(pieces.shape) < MISSED) & (pieces > UNKNOWN)
            heard = pieces.masked_fill(missed, UNKNOWN)
            with torch.autocast("cpu", torch.bfloat16, enabled=SHORT):
                logits = net(heard, *seen)
            loss = functional.binary_cross_entropy_with_logits(
                logits.float(), true, weight, reduction="sum"
            )
            loss = loss / max(1.0, float(weight.sum()))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        passed = time.monotonic() - begun
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}, {passed:.0f} s", flush=True)
        if options.state:
            torch.save(net.state_dict(), options.state)
        for name in options.show or HALVES[1 - (options.half or 0)]:
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
        optimizer, lambda step: min((step + 1) / warm, max(0.01, (steps - step) / (steps - warm)))
    )
    return optimizer, schedule


def show(net: Network, name: str, tokenizer: Tokenizer) -> None:
    """Print the F1 of each act on a file that was not taught."""
    net.eval()
    hits, found, true = (np.zeros(len(OUTPUTS)) for _ in range(3))
    items = [one for call in calls(name) for one in courses(call)]
    with torch.no_grad():
        for seen, target, weight in batches(items, tokenizer):
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


def mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Between the states of one network; the words, which are never taught, are the first's."""
    words = "word.weight"
    parts = [name for name in states[0] if name != words]
    means = {name: torch.stack([state[name] for state in states]).mean(0) for name in parts}
    return {words: states[0][words], **means}


def export(net: Network, tokenizer: Tokenizer) -> None:
    """Write what the program reads: the encoder in 8 bits, its vocabulary, and the head."""

    net.eval()
    plain = WHERE / "acts.plain.onnx"
    kept = torch.zeros((len(net.layers), 5, net.mark.shape[1]))
    whole = partial(torch.zeros, dtype=torch.long)
    torch.onnx.export(
        Reader(net).eval(),
        (whole(9), whole(1), kept, kept, whole(5)),
        str(plain),
        dynamo=False,
        opset_version=17,
        custom_opsets={"com.microsoft": 1},
        input_names=["pieces", "mark", "keys", "values", "back"],
        output_names=["hidden", "new_keys", "new_values"],
        dynamic_axes={
            "pieces": {0: "length"},
            "keys": {1: "kept"},
            "values": {1: "kept"},
            "back": {0: "kept"},
            "hidden": {0: "length"},
            "new_keys": {1: "length"},
            "new_values": {1: "length"},
        },
    )
    quantize_dynamic(
        plain,
        WHERE / "acts.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits; of 8, sums overflow on processors without VNNI
        nodes_to_exclude=[OUTLIERS],
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
    parser.add_argument("--layers", type=int, default=9)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--half", type=int, choices=[0, 1], help="of what the judge is fitted on")
    parser.add_argument("--new", nargs="*", default=[], help="files that are read whole")
    parser.add_argument("--again", type=float, default=1.0, help="share of the others in an epoch")
    parser.add_argument("--state", type=Path, help="of the weights; taken up where it is there")
    parser.add_argument(
        "--mix", nargs="*", type=Path, default=[], help="states to take the mean with"
    )
    parser.add_argument("--show", nargs="*", default=[], help="files that are not taught")
    return Options(**vars(parser.parse_args()))


def main() -> None:
    """Teach and write."""
    options = read_options()
    torch.manual_seed(0)
    torch.set_num_threads(CORES if options.half is None else 1)
    names = taught(options.half)
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
        others = [torch.load(path) for path in options.mix]
        net.load_state_dict(mean([net.state_dict(), *others]))
    export(net, tokenizer)


if __name__ == "__main__":
    main()
