"""Products in bfloat16 on CPUs with instructions for them: their factors are rounded, what they add up to stays in float32."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch


@cache
def has_bf16() -> bool:
    """Tell whether the processor multiplies bfloat16 in instructions of its own; others are slower in it than in float32."""
    known = torch.cpu.get_capabilities()
    return any(known.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


@contextmanager
def bf16_products(asked: bool = True) -> Iterator[None]:
    """Let all products of float32 matrices on the CPU round their factors, if asked to and if the processor `has_bf16`.

    In all threads, so in a backward pass too. oneDNN leaves the smallest products in float32.
    """
    setting: Any = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]
    before = setting.fp32_precision
    if asked and has_bf16():
        setting.fp32_precision = "bf16"
    try:
        yield
    finally:
        setting.fp32_precision = before


def are_bf16() -> bool:
    """Tell whether this is inside of `bf16_products`; for kernels that must be told themselves."""
    return torch.backends.mkldnn.matmul.fp32_precision == "bf16"  # type: ignore[attr-defined,no-any-return]
