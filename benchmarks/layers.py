"""Steps of one recurrent layer, and a plain product of matrices: the most that a processor does."""

import time
from collections.abc import Callable

import torch

from rnnpipe.layers.cells import CELLS
from rnnpipe.layers.recurrent import FUSED, Recurrent

SIZES = {"small": (200, 200, 20, 35), "large": (400, 512, 64, 70)}
"""Name → inputs, hidden, rows, steps: a layer of the lecture's size, and one that keeps a processor busy."""
PEAK = 2048
"""Rows of the square matrices that are multiplied."""


def contestants(inputs: int, hidden: int, rows: int, steps: int) -> dict[str, Callable[[], float]]:
    """Return what takes the time of a step of each cell, in our loop and, as `<cell>_fused`, by torch's kernel."""
    size = (inputs, hidden, rows, steps)
    loops = {cell: _step(Recurrent(cell, inputs, [hidden], fused=False), *size) for cell in CELLS}
    return loops | {f"{cell.removesuffix('_fused')}_fused": _step(Recurrent(cell, inputs, [hidden]), *size) for cell in FUSED}


def operations(name: str, inputs: int, hidden: int, rows: int, steps: int) -> float:
    """Return the multiplications and additions of a step's products: each matrix once forward and twice backward a word."""
    cell = name if name in FUSED else name.removesuffix("_fused")
    layer = Recurrent(cell, inputs, [hidden], fused=name.endswith("_fused"))
    return 6.0 * rows * steps * sum(weight.numel() for weight in layer.parameters() if weight.dim() > 1)


def peak(dtype: torch.dtype) -> Callable[[], float]:
    """Return what takes the time of a product of square matrices of `PEAK` rows."""
    first, second = torch.randn(2, PEAK, PEAK).to(dtype).unbind(0)

    def product() -> float:
        began = time.perf_counter()
        first @ second
        return time.perf_counter() - began

    return product


def _step(layer: Recurrent, inputs: int, hidden: int, rows: int, steps: int) -> Callable[[], float]:
    """Forward, backward to the inputs too, clip, optimizer, as in a training."""
    values = torch.randn(rows, steps, inputs, requires_grad=True)
    lengths = torch.full((rows,), steps)
    gradient = torch.randn(rows, steps, hidden)
    optimizer = torch.optim.AdamW(layer.parameters(), fused=True)

    def step() -> float:
        began = time.perf_counter()
        outputs, _ = layer(values, lengths)
        outputs.backward(gradient)
        torch.nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        values.grad = None
        return time.perf_counter() - began

    return step
