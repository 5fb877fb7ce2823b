"""The network as it is trained: the lower layers of a BERT encoder, and a head for the acts.

What a line does depends on what came before: the lines before it stand in front of it, and each
piece is marked with who said it and whether it is of the line itself.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.training.seed import Floats, Seed

MARKS = 5  # special pieces; lines before, of rep and customer; the line, of rep and customer
PLACES = 128  # pieces at most
DROPPED = 0.1
EPSILON = 1e-12


class Layer(nn.Module):
    """Attention and a feed-forward net, each with a residual and a norm behind it."""

    def __init__(self, seed: Seed, number: int) -> None:
        super().__init__()
        self.heads, width, hidden = seed.heads, seed.width, seed.hidden
        get = lambda name, out, into: _linear(seed, f"l{number}.{name}", out, into)  # noqa: E731
        self.query, self.key = get("q", width, width), get("k", width, width)
        self.value, self.out = get("v", width, width), get("ao", width, width)
        self.wide, self.narrow = get("fi", hidden, width), get("fo", width, hidden)
        self.norm_1, self.norm_2 = _norm(seed, f"l{number}.aln"), _norm(seed, f"l{number}.oln")
        self.drop = nn.Dropout(DROPPED)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Shapes: x (batch, length, width), bias (batch, 1, 1, length)."""
        batch, length, width = x.shape
        split = lambda y: y.view(batch, length, self.heads, -1).transpose(1, 2)  # noqa: E731
        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        near = query @ key.transpose(2, 3) / (width / self.heads) ** 0.5 + bias
        mixed = (near.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width)
        x = self.norm_1(x + self.drop(self.out(mixed)))
        return self.norm_2(x + self.drop(self.narrow(functional.gelu(self.wide(x)))))


class Network(nn.Module):
    """Pieces to hidden states, and those of the line to one logit an act."""

    def __init__(self, seed: Seed, layers: int, acts: int) -> None:
        super().__init__()
        words = torch.tensor(seed.tensors["emb.word"].reshape(-1, seed.width))
        self.word = nn.Embedding.from_pretrained(words, freeze=True)
        places = seed.tensors["emb.pos"].reshape(-1, seed.width)[:PLACES]
        self.place = nn.Parameter(torch.tensor(places.copy()))
        plain = torch.tensor(seed.tensors["emb.type"].reshape(2, -1)[0].copy())
        self.mark = nn.Parameter(plain.repeat(MARKS, 1) + 0.01 * torch.randn(MARKS, seed.width))
        self.norm = _norm(seed, "emb.ln")
        self.layers = nn.ModuleList(Layer(seed, number) for number in range(layers))
        self.head = nn.Linear(2 * seed.width, acts)
        self.drop = nn.Dropout(DROPPED)

    def hidden(self, pieces: Tensor, marks: Tensor, there: Tensor) -> Tensor:
        """Shapes: all (batch, length); returns (batch, length, width)."""
        x = self.word(pieces) + self.place[: pieces.shape[1]] + self.mark[marks]
        x = self.drop(self.norm(x))
        bias = (1.0 - there[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def forward(self, pieces: Tensor, marks: Tensor, there: Tensor) -> Tensor:
        """Logits, shape (batch, acts), from the mean and the maximum over the line's pieces."""
        x = self.hidden(pieces, marks, there)
        own = (marks >= 3)[..., None] & there[..., None]
        weight = own.to(x.dtype)
        mean = (x * weight).sum(1) / weight.sum(1)
        top = x.masked_fill(~own, -1e4).amax(1)
        return self.head(self.drop(torch.cat([mean, top], 1)))


def _linear(seed: Seed, name: str, out: int, into: int) -> nn.Linear:
    layer = nn.Linear(into, out)
    layer.weight.data = _tensor(seed.tensors[f"{name}.w"].reshape(out, into))
    layer.bias.data = _tensor(seed.tensors[f"{name}.b"])
    return layer


def _norm(seed: Seed, name: str) -> nn.LayerNorm:
    layer = nn.LayerNorm(seed.width, eps=EPSILON)
    layer.weight.data = _tensor(seed.tensors[f"{name}.w"])
    layer.bias.data = _tensor(seed.tensors[f"{name}.b"])
    return layer


def _tensor(values: Floats) -> Tensor:
    return torch.tensor(np.array(values))
