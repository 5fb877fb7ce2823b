"""The network as it is trained: a BERT encoder over a whole call, and a head for the acts.

What a line does depends on what came before. A line is read once, by itself and by looking back at
the lines of substance before it, as they were read: a line never looks at what comes after it, so
that what was made of it can be kept while the call goes on. Looking further back costs more.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.onnx.symbolic_helper import _optional_input_placeholder_tensor as nothing

from copilot.dialogue.network import LINE_PIECES, PENALTIES
from tests.training.seed import Floats, Seed

PLACES = LINE_PIECES + 2  # in a line, with its begin and end
MARKS = 2  # rep and customer
DROPPED = 0.1
EPSILON = 1e-12
HIDDEN = -1e4  # of what is not to be looked at
Kept = tuple[Tensor, Tensor]  # keys and values
Attend = Callable[[Tensor, Tensor, Tensor, Tensor, int], Tensor]


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, heads: int) -> Tensor:
    """What each piece makes of those that it looks at.

    Args:
        query: shape (batch, length, width).
        key, value: of what is looked at, shape (batch, kept and length, width).
        bias: shape (batch, heads, length, kept and length).
        heads: of the attention, each with its share of the width.
    """
    batch, length, width = query.shape
    query, key, value = (
        one.reshape(batch, -1, heads, width // heads).transpose(1, 2) for one in (query, key, value)
    )
    near = query @ key.transpose(2, 3) / (width / heads) ** 0.5 + bias.to(query.dtype)
    mixed = near.softmax(-1).to(value.dtype) @ value
    return mixed.transpose(1, 2).reshape(batch, length, width)


class _AsOne(torch.autograd.Function):
    """The same, exported as one operation of ONNX Runtime: a sixth of the network's time less."""

    @staticmethod
    def forward(
        _: object, query: Tensor, key: Tensor, value: Tensor, bias: Tensor, heads: int
    ) -> Tensor:
        return attention(query, key, value, bias, heads)

    @staticmethod
    def symbolic(
        graph: torch.Graph,
        query: torch.Value,
        key: torch.Value,
        value: torch.Value,
        bias: torch.Value,
        heads: int,
    ) -> torch.Value:
        none = nothing(graph)
        name = "com.microsoft::MultiHeadAttention"
        found = graph.op(name, query, key, value, none, none, bias, num_heads_i=heads)
        return found.setType(query.type())


class Layer(nn.Module):
    """Attention and a feed-forward net, each with a residual and a norm behind it."""

    def __init__(self, seed: Seed, number: int) -> None:
        super().__init__()
        self.heads, width, hidden = seed.heads, seed.width, seed.hidden
        get = lambda out, into, *names: _linear(  # noqa: E731
            seed, [f"l{number}.{name}" for name in names], out, into
        )
        self.looks = get(3 * width, width, "q", "k", "v")  # queries, keys, values
        self.out = get(width, width, "ao")
        self.wide, self.narrow = get(hidden, width, "fi"), get(width, hidden, "fo")
        self.norm_1, self.norm_2 = _norm(seed, f"l{number}.aln"), _norm(seed, f"l{number}.oln")
        self.drop = nn.Dropout(DROPPED)

    def forward(
        self, x: Tensor, bias: Tensor, kept: Kept | None = None, attend: Attend = attention
    ) -> tuple[Tensor, Kept]:
        """Return the new states, and the own keys and values.

        Args:
            x: shape (batch, length, width).
            bias: of the attention, shape (batch, heads, length, kept and length).
            kept: keys and values to look back at, each (batch, kept, width).
            attend: how that is computed.
        """
        query, key, value = self.looks(x).split(x.shape[-1], -1)
        own = (key, value)
        if kept is not None:
            key, value = torch.cat([kept[0], key], 1), torch.cat([kept[1], value], 1)
        x = self.norm_1(x + self.out(attend(query, key, value, bias, self.heads)))
        return self.norm_2(x + self.drop(self.narrow(functional.gelu(self.wide(x))))), own


class Network(nn.Module):
    """Pieces to hidden states, and those of a line to one logit an act."""

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
        self.register_buffer("penalty", torch.tensor(PENALTIES), persistent=False)

    def begin(self, pieces: Tensor, places: Tensor, marks: Tensor) -> Tensor:
        """The states before the first layer; all shapes (batch, length)."""
        x = self.word(pieces) + self.place[places] + self.mark[marks]
        found: Tensor = self.drop(self.norm(x))
        return found

    def bias(self, back: Tensor) -> Tensor:
        """Of the attention: by how many lines back, below 0 for what is not to be looked at."""
        found: Tensor = -self.penalty[:, None, None] * back[:, None].float()
        return found.masked_fill(back[:, None] < 0, HIDDEN)

    def forward(
        self, pieces: Tensor, places: Tensor, marks: Tensor, back: Tensor, lines: Tensor
    ) -> Tensor:
        """Logits of the lines of some calls, shape (lines, acts).

        Args:
            pieces, places, marks: shape (batch, length).
            back: how many lines each piece looks back at each other, shape (batch, length, length).
            lines: batch row, first piece and end of each line, shape (lines, 3).
        """
        x, bias = self.begin(pieces, places, marks), self.bias(back)
        for layer in self.layers:
            x, _ = layer(x, bias)
        longest = int((lines[:, 2] - lines[:, 1]).max())
        inside = lines[:, 1, None] + torch.arange(longest)
        own = (inside < lines[:, 2, None])[..., None]
        rows = x[lines[:, 0, None], inside.clamp(max=x.shape[1] - 1)]
        mean = (rows * own).sum(1) / own.sum(1)
        top = rows.masked_fill(~own, HIDDEN).amax(1)
        logits: Tensor = self.head(self.drop(torch.cat([mean, top], 1)))
        return logits


class Reader(nn.Module):
    """The encoder as it is exported: one line, behind what was kept of the lines before it."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, pieces: Tensor, mark: Tensor, keys: Tensor, values: Tensor, back: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the states, keys and values of a line.

        Args:
            pieces: shape (length).
            mark: whose it is, shape (1).
            keys, values: of the lines before, shape (layers, kept, width).
            back: how many lines back each of them is, shape (kept).
        """
        length = pieces.shape[0]
        places = torch.arange(length)
        x = self.net.begin(pieces[None], places[None], mark[None].expand(1, length))
        backs = torch.cat([back, torch.zeros_like(pieces)]).float()
        bias = (-self.net.penalty[:, None, None] * backs).expand(1, -1, length, -1)
        kept = []
        for layer, *before in zip(self.net.layers, keys.split(1), values.split(1), strict=True):
            x, own = layer(x, bias, before, _AsOne.apply)
            kept.append(own)
        return x[0], torch.cat([key for key, _ in kept]), torch.cat([value for _, value in kept])


def _linear(seed: Seed, names: Sequence[str], out: int, into: int) -> nn.Linear:
    """Of the weights of these names, one below the other."""
    layer = nn.Linear(into, out)
    weights = np.concatenate([seed.tensors[f"{name}.w"] for name in names])
    layer.weight.data = _tensor(weights.reshape(out, into))
    layer.bias.data = _tensor(np.concatenate([seed.tensors[f"{name}.b"] for name in names]))
    return layer


def _norm(seed: Seed, name: str) -> nn.LayerNorm:
    layer = nn.LayerNorm(seed.width, eps=EPSILON)
    layer.weight.data = _tensor(seed.tensors[f"{name}.w"])
    layer.bias.data = _tensor(seed.tensors[f"{name}.b"])
    return layer


def _tensor(values: Floats) -> Tensor:
    return torch.tensor(np.array(values))
