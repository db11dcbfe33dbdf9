"""All figures of the language model's benchmark at one number of threads."""

from pathlib import Path
from typing import Any

import layers
import torch
import training
import words
from rounds import Times, in_turn, seconds, speedup

from rnnpipe.common.memory import memory_kept
from rnnpipe.layers.products import has_bf16

RATIOS = {
    "gru over gru_fused": ("gru", "gru_fused"),
    "mingru over gru_fused": ("mingru", "gru_fused"),
    "gru over lstm": ("gru", "lstm"),
    "gru_fused over lstm_fused": ("gru_fused", "lstm_fused"),
}
"""Tokens/s of one cell over another's; `_fused`: by torch's kernel, else in our loop. A cell that is not known is left out."""


def measure(rounds: int, folder: Path | None) -> dict[str, Any]:
    """Return all figures; `folder` is that of PyTorch's example."""
    torch.set_flush_denormal(True)  # as in a stage
    source, ids = words.ids(training.VOCABULARY)
    steps = in_turn(training.contestants(ids, folder), rounds)
    found: dict[str, Any] = {
        "ids": source,
        "example": "pytorch/examples" if folder else "the same loop",
        "bf16": has_bf16(),
        "training": {name: training.ROWS * training.BPTT / seconds(steps, name) for name in steps},
        "speedup": {name: speedup(steps, name, "example") for name in training.OURS},
        "sizes": {name: "{} → {}, batch {}, {} steps".format(*size) for name, size in layers.SIZES.items()},
        "cells": {},
        "ratios": {},
    }
    products = 2.0 * layers.PEAK**3
    for name, size in layers.SIZES.items():
        runs = {**layers.contestants(*size), "32": layers.peak(torch.float32), "bf16": layers.peak(torch.bfloat16)}
        with memory_kept():  # as in a training
            times = in_turn(runs, rounds)
        found["peak"] = {kind: products / seconds(times, kind) / 1e9 for kind in ("32", "bf16")}
        found["cells"][name] = _cells(times, size)
        found["ratios"][name] = {
            text: speedup(times, one, other) for text, (one, other) in RATIOS.items() if {one, other} <= set(times)
        }
    return found


def _cells(times: Times, size: tuple[int, int, int, int]) -> dict[str, dict[str, float]]:
    """Return tokens/s of each cell, and its products a second over those of the plain product of the same round."""
    tokens, products = size[2] * size[3], 2.0 * layers.PEAK**3
    return {
        name: {
            "tokens_per_second": tokens / seconds(times, name),
            "share_of_peak": speedup(times, name, "32") * layers.operations(name, *size) / products,
        }
        for name in times
        if name not in ("32", "bf16")
    }
