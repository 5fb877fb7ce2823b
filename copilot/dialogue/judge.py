"""From how a line sounds and where it stands to whether it is an act: one logistic model an act.

The scores of `meaning` say what a line is like; whether "Thursday is fine" agrees depends on what
was asked. The weights were fitted on the labelled calls of tests/corpus by
`python -m tests.benchmarks.fit`; they know no words, only scores, form and context, so that one
set serves all languages and a playbook can change without a new fit.
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from math import exp

import msgspec
from msgspec import Struct

LIKE = 0.3  # score from which a line is as good as one of the examples
ASSURED = 0.8  # its probability then
Features = Mapping[str, float]


class Model(Struct, frozen=True):
    """The fitted weights of one speaker's acts."""

    weights: dict[str, dict[str, float]]  # by act, then by feature

    def probabilities(self, features: Features) -> dict[str, float]:
        """The probability of each act, 0..1; a feature without a weight counts for nothing.

        A line that is very like the examples of an act is that act, wherever it stands.
        """
        chances = {act: _logistic(weights, features) for act, weights in self.weights.items()}
        like = {act for act in chances if features.get(f"whole:{act}", -1.0) >= LIKE}
        return {act: max(chance, ASSURED * (act in like)) for act, chance in chances.items()}

    def any_of(self, looks: Iterable[Features]) -> dict[str, float]:
        """The probability of each act in the likeliest of several views of a line."""
        views = [self.probabilities(features) for features in looks]
        return {act: max(view[act] for view in views) for act in self.weights}


def load_models() -> dict[str, Model]:
    """The fitted models by speaker, as they ship with the package."""
    data = files("copilot.dialogue").joinpath("weights.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, Model])


def flags(**given: bool) -> dict[str, float]:
    """Features that are there or not."""
    return {name: 1.0 for name, is_there in given.items() if is_there}


def crossed(context: str, features: Features, names: Iterable[str]) -> dict[str, float]:
    """The same features again, for this context alone."""
    return {f"{context}:{name}": features[name] for name in names if name in features}


def _logistic(weights: Mapping[str, float], features: Features) -> float:
    total = weights.get("bias", 0.0)
    total += sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))
