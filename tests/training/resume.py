"""The network that ships as a state to teach on: what 8 bits took from its weights stays lost.

python -m tests.training.resume a.pt
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from tests.training.seed import Floats
from tests.training.teach import WHERE

MULTIPLIED = "onnx::MatMul_"  # how the export names a matrix, in the order of use
PARTS = ("looks", "out", "wide", "narrow")  # of a layer, in that order
LOOKED_UP = ("word.weight", "place", "mark")
OURS = "net."  # before the names of the network that was exported


class Shipped:
    """The weights in acts.onnx by name, in 32 bits again."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(path).graph
        self._arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def plain(self) -> dict[str, Floats]:
        """What was never in 8 bits, by its name in the network."""
        parts = ("_quantized", "_scale", "_zero_point")
        return {
            name.removeprefix(OURS): array
            for name, array in self._arrays.items()
            if name.startswith(OURS) and not name.endswith(parts)
        }

    def matrices(self) -> list[Floats]:
        """What states are multiplied with, in the order of use; as the network holds them."""
        found = {name.removeprefix(MULTIPLIED) for name in self._arrays if MULTIPLIED in name}
        numbers = sorted({int(name.partition("_")[0]) for name in found})
        return [self.whole(f"{MULTIPLIED}{number}").T for number in numbers]

    def whole(self, name: str) -> Floats:
        """A weight, out of its 8 bits if it is in 8 bits."""
        found: Floats
        if name in self._arrays:
            found = self._arrays[name]
        else:
            whole, zero = self._arrays[f"{name}_quantized"], self._arrays[f"{name}_zero_point"]
            found = (whole.astype(np.float32) - zero) * self._arrays[f"{name}_scale"]
        return found


def state(folder: Path) -> dict[str, Tensor]:
    """The state of tests.training.network.Network that was exported into a folder."""
    shipped = Shipped(folder / "acts.onnx")
    found = shipped.plain() | {name: shipped.whole(OURS + name) for name in LOOKED_UP}
    for number, matrix in enumerate(shipped.matrices()):
        layer, part = divmod(number, len(PARTS))
        found[f"layers.{layer}.{PARTS[part]}.weight"] = matrix
    with np.load(folder / "acts.npz") as head:
        found |= {"head.weight": head["weights"], "head.bias": head["bias"]}
    return {name: torch.tensor(array.copy()) for name, array in found.items()}


def main() -> None:
    """Write the state."""
    parser = argparse.ArgumentParser()
    parser.add_argument("state", type=Path)
    torch.save(state(WHERE), parser.parse_args().state)


if __name__ == "__main__":
    main()
