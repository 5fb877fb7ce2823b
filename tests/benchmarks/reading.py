"""What it takes to understand: seconds to load, milliseconds a line, memory.

    python -m tests.benchmarks.reading

The baseline is what a simple program would do: the sentence vector of the line, and the nearest of
the playbook's examples.
"""

import resource
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from msgspec import structs
from rich.console import Console as Terminal
from threadpoolctl import threadpool_limits

from copilot.call import Call
from copilot.dialogue.acts import Interpreter, Understanding
from copilot.dialogue.byheart import ByHeart
from copilot.dialogue.floor import Floor
from copilot.dialogue.network import Network
from copilot.dialogue.playbook import Examples, load_playbook
from copilot.dialogue.space import Encoder, multilingual_encoder
from copilot.events import Heard, Line, Speaker
from tests.benchmarks.corpus import calls
from tests.benchmarks.cues import advised, heard, timed
from tests.benchmarks.tables import Figures, figure, median, percentile, ratio

LANGUAGE, MEASURED = "nl", "nl_test"
Made = TypeVar("Made")


def main() -> None:
    """Print the tables."""
    threadpool_limits(1, user_api="blas")
    terminal = Terminal(width=110)
    loads = Figures("Loading, seconds", "seconds")
    encoder, space = timing(_loaded_encoder)
    network, net = timing(_loaded_network)
    playbook = load_playbook(LANGUAGE)
    learned, learning = timing(partial(_learned, ByHeart(encoder), network))
    _, unshipped = timing(partial(_learned, encoder, network))
    loads.add("the sentence space", figure(space))
    loads.add("the network", figure(net))
    loads.add("the playbook's examples", figure(learning))
    loads.add("the same, were their vectors not shipped", figure(unshipped))
    loads.show(terminal, f"{len(_examples(playbook.examples))} examples of {LANGUAGE}")
    plain, ours = _baseline(encoder), _read(learned)
    table = Figures("A line, milliseconds", "median", "p95", "times the baseline")
    table.add("vector and nearest example (baseline)", *_cells(plain, plain))
    table.add("acts and techniques", *_cells(ours, plain))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.show(terminal, f"{len(ours)} lines of {MEASURED}; peak memory {peak:.0f} MB; two cores")


def timing(make: Callable[[], Made]) -> tuple[Made, float]:
    """What a function makes, and the seconds it takes."""
    begun = time.perf_counter()
    made = make()
    return made, time.perf_counter() - begun


def _loaded_encoder() -> Encoder:
    encoder = multilingual_encoder()
    encoder.encode(["."])
    return encoder


def _loaded_network() -> Network:
    network = Network()
    network.think([], Speaker.REP, ".")
    return network


def _learned(encoder: Encoder, network: Network) -> Understanding:
    learned = Understanding(load_playbook(LANGUAGE), encoder, network)
    assert learned.readers
    return learned


def _examples(examples: Examples) -> list[str]:
    customer = examples.customer
    lists = [*structs.asdict(examples.rep).values(), *customer.no.values()]
    lists += [customer.yes, customer.hesitation, customer.pro, customer.final_no]
    return [line for lines in [*lists, customer.goodbye, customer.none] for line in lines]


def _baseline(encoder: Encoder) -> list[float]:
    known = encoder.encode(_examples(load_playbook(LANGUAGE).examples))

    def nearest(text: str) -> int:
        return int(np.argmax(known @ encoder.encode([text])[0]))

    lines = [line for call in calls(MEASURED) for line in call]
    return [1000 * timing(partial(nearest, line.text))[1] for line in lines]


def _read(learned: Understanding) -> list[float]:
    times = []
    for labelled in calls(MEASURED):
        floor = Floor()
        call = advised(Interpreter(learned, floor, []), learned.playbook, floor)
        for one in heard(timed(labelled)):
            _, spent = timing(partial(_hear, call, one))
            if isinstance(one, Line):
                times.append(1000 * spent)
    return times


def _hear(call: Call, one: Heard) -> None:
    for _ in call.hear(one):
        pass


def _cells(times: list[float], plain: list[float]) -> tuple[str, ...]:
    middle = median(times)
    return figure(middle), figure(percentile(times, 95)), ratio(middle, median(plain))


if __name__ == "__main__":
    main()
