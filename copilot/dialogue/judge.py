"""From how a line sounds and where it stands to whether it is an act: one logistic model an act.

The network's logits and the likeness to the playbook's examples say what a line is like; whether
"Thursday is fine" agrees depends on what was asked. The weights were fitted on labelled calls that
the network was not taught, by `python -m tests.training.fit`; they know no words, so that a
playbook can change without a new fit.
"""

from collections.abc import Collection, Iterable, Mapping
from importlib.resources import files
from math import exp

import msgspec
from msgspec import Struct

from copilot.events import ActKind

NOTHING = "none"  # among the examples: lines that are no act
FORMS = (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION, ActKind.CHOICE_QUESTION)
ASSURED = 2.35  # odds of an act shared with an example that says nearly the same; 2.38 is certain
Features = Mapping[str, float]


class Weights(Struct, frozen=True):
    """Of one act."""

    by_feature: dict[str, float]
    enough: float  # probability from which a line is the act
    sure: float  # probability from which it is sure enough to warn on


class Model(Struct, frozen=True):
    """The fitted weights of one speaker's acts."""

    acts: dict[str, Weights]

    def sure(self, act: str) -> float:
        """The odds from which an act is sure enough to warn on."""
        return min(ASSURED, self.acts[act].sure / self.acts[act].enough)

    def odds(
        self,
        features: Features,
        twin: Collection[str] | None = None,
        within: Collection[str] = (),
    ) -> dict[str, float]:
        """The probability of each act over what is enough for it; from 1 a line is the act.

        Args:
            features: of the line; one without a weight counts for nothing.
            twin: the acts of an example that says nearly the same, if there is one; of the acts
                that are learned from examples, and of the forms if it has one, the line is these
                and no others; `none` alone makes it nothing.
            within: the acts of what stands in the line; it is these, and what else it is.
        """
        found = {
            act: _logistic(weights.by_feature, features) / weights.enough
            for act, weights in self.acts.items()
        }
        if twin is not None:
            learned = {name.removeprefix("like:") for name in features if name.startswith("like:")}
            learned.difference_update(FORMS)
            if any(form in twin for form in FORMS):
                learned.update(FORMS)
            for act in found:
                if act in twin:
                    found[act] = max(found[act], ASSURED)
                elif act in learned or NOTHING in twin:
                    found[act] = 0.0
        return {act: max(one, ASSURED) if act in within else one for act, one in found.items()}


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
