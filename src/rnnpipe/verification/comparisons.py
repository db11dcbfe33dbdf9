"""The layers held against the lecture's equations, with random weights and inputs from torch's global generator."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.cells import CELLS
from rnnpipe.layers.cells.lecture import GRUCell, LSTMCell, SimpleCell, SimplifiedGRUCell
from rnnpipe.layers.cells.mingru import MinGRUCell
from rnnpipe.layers.cells.mogrifier import MogrifierCell
from rnnpipe.layers.cells.rglru import RGLRUCell
from rnnpipe.layers.cells.slstm import SLSTMCell
from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.fused import FusedGRU, FusedLSTM, FusedRNN
from rnnpipe.layers.recurrent import FUSED, Recurrent
from rnnpipe.params import Cell
from rnnpipe.verification import equations
from rnnpipe.verification.equations import Array, Gates

BATCH, STEPS, INPUT, HIDDEN, CLASSES = 4, 25, 6, 8, 5

ROWS: dict[type[nn.Module], str] = {
    SimpleCell: "a",
    FusedRNN: "a",
    SimplifiedGRUCell: "uc",
    GRUCell: "urc",
    LSTMCell: "ufoc",
    FusedLSTM: "ufco",
    FusedGRU: "rzc",
    MinGRUCell: "zh",
    RGLRUCell: "riu",
    SLSTMCell: "ifoz",
    MogrifierCell: "ufoc",
}
"""The order in which the matrices of a layer's gates stand below each other."""


def gates_of(layer: nn.Module) -> Gates:
    """Return the weights of one layer and direction as the lecture writes them."""
    weights = {name.removesuffix("_l0"): parameter.detach().double().numpy() for name, parameter in layer.named_parameters()}
    letters = ROWS[type(layer)]
    halves = [weights[name] for name in ("weight_hh", "weight_ih") if name in weights]
    matrices = np.split(np.concatenate(halves, axis=1), len(letters))
    biases = np.split(weights["bias"] if "bias" in weights else weights["bias_ih"] + weights["bias_hh"], len(letters))
    gates: dict[str, tuple[Array, Array]] = dict(zip(letters, zip(matrices, biases, strict=True), strict=True))
    if isinstance(layer, FusedGRU):
        matrix, bias = gates.pop("z")
        gates["u"] = (-matrix, -bias)  # z is 1 - Γu, and 1 - σ(z) = σ(-z)
        matrix, _ = gates.pop("c")
        for source, name in (("state", "bias_hh"), ("input", "bias_ih")):
            gates[f"c_{source}"] = (matrix, weights[name][-layer.hidden_size :])
    for name, weight in weights.items():
        if name == "decay":
            gates[name] = (np.zeros((len(weight), 0)), weight)
        elif name.startswith("rounds"):
            gates[name] = (weight, np.zeros(len(weight)))
    return gates


def cell_difference(cell: Cell, fused: bool, dtype: torch.dtype) -> float:
    """Return the largest difference between a layer's outputs and the equations of its cell in float64."""
    recurrent = Recurrent(cell, INPUT, [HIDDEN], fused=fused).to(dtype)
    inputs = torch.randn(BATCH, STEPS, INPUT, dtype=dtype)
    with torch.no_grad():
        outputs, _ = recurrent(inputs, torch.full((BATCH,), STEPS))  # (B, T, H)
    expected = equations.read_sequence(cell, inputs.transpose(0, 1).double().numpy(), gates_of(recurrent.stack[0]))
    return largest_difference(outputs.transpose(0, 1), expected)


def bptt_difference() -> float:
    """Return the largest difference between a simple RNN's gradient by the sum over time and by automatic differentiation."""
    cell, output = SimpleCell(INPUT, HIDDEN).double(), nn.Linear(HIDDEN, CLASSES).double()
    inputs, targets = torch.randn(STEPS, INPUT, dtype=torch.float64), torch.randint(CLASSES, (STEPS,))
    outputs, _ = cell(inputs.unsqueeze(1), torch.zeros(1, 1, HIDDEN, dtype=torch.float64))  # (T, 1, H)
    loss = F.cross_entropy(output(outputs[:, 0]), targets, reduction="sum")
    weights = [cell.weight_hh, cell.weight_ih, cell.bias, output.weight, output.bias]
    by_state, by_input, *others = torch.autograd.grad(loss, weights)
    found = [torch.cat([by_state, by_input], dim=1), *others]
    scores = (output.weight.detach().numpy(), output.bias.detach().numpy())
    expected = equations.backpropagate_through_time(inputs.numpy(), targets.numpy(), gates_of(cell)["a"], scores)
    return max(largest_difference(one, other) for one, other in zip(found, [*expected["a"], *expected["y"]], strict=True))


def one_hot_difference(vocabulary_size: int, dimension: int) -> float:
    """Return the largest difference, over all words, between looking up a vector and the product of its one-hot vector with E."""
    embedding = WordEmbedding(vocabulary_size, dimension)
    ids = torch.arange(vocabulary_size)
    product = OneHot(vocabulary_size)(ids) @ embedding.weight  # (V, V) @ (V, E)
    return largest_difference(embedding(ids), product.detach().numpy())


def largest_difference(found: Tensor, expected: NDArray[np.floating]) -> float:
    """Return the largest absolute difference of two arrays of the same shape."""
    return float(np.abs(found.detach().numpy() - expected).max())


def at_most(difference: float) -> float:
    """Return the difference rounded up to a power of ten, because its digits depend on the machine's libraries; 0 stays 0."""
    return 0.0 if difference == 0 else float(f"1e{math.ceil(math.log10(difference))}")


def measure() -> dict[str, object]:
    """Return the largest differences of everything above, each rounded up to a power of ten; cells without equations apart."""
    cells: dict[str, dict[str, dict[str, float]]] = {}
    for way, kinds in (("fused", FUSED), ("loop", CELLS)):
        for cell in (cell for cell in kinds if cell in equations.STEPS):
            cells.setdefault(cell, {})[way] = {
                "float32": at_most(cell_difference(cell, way == "fused", torch.float32)),
                "float64": at_most(cell_difference(cell, way == "fused", torch.float64)),
            }
    vocabulary_size = 2000
    return {
        "bptt": {"largest_difference": at_most(bptt_difference()), "steps": STEPS},
        "cells": cells,
        "one_hot": {"largest_difference": at_most(one_hot_difference(vocabulary_size, 50)), "words": vocabulary_size},
    }
