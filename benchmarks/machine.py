"""What the machine can do at most, and a text to measure on where none is given."""

import time
from pathlib import Path

import numpy as np
from numba import njit, prange, set_num_threads

WORDS, SENTENCE = 30_000, 25
"""Different words, and words in a sentence, of the made text."""


@njit(parallel=True)
def _triad(target: np.ndarray, first: np.ndarray, second: np.ndarray) -> None:
    for place in prange(len(target)):
        target[place] = first[place] + 3.0 * second[place]


def memory_bandwidth(threads: int) -> float:
    """Return the bytes/s of a = b + 3c over arrays far larger than any cache, the best of five times (McCalpin's triad)."""
    set_num_threads(threads)
    first, second, target = (np.ones(2**25) for _ in range(3))
    best = 0.0
    for _ in range(6):
        start = time.perf_counter()
        _triad(target, first, second)
        best = max(best, 3 * target.nbytes / (time.perf_counter() - start))
    return best


def write_zipf_text(path: Path, tokens: int, seed: int = 1) -> None:
    """Write words drawn independently, the r-th most frequent one with probability proportional to 1 / (r + 2.7)."""
    rng = np.random.default_rng(seed)
    cumulated = np.cumsum(1 / (np.arange(1, WORDS + 1) + 2.7))  # Mandelbrot's form of Zipf's law
    words = np.array([f"w{rank}" for rank in range(WORDS)], dtype=object)
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, tokens, SENTENCE * 40_000):
            count = min(SENTENCE * 40_000, tokens - start)
            drawn = words[np.searchsorted(cumulated, rng.random(count) * cumulated[-1])].tolist()
            file.writelines(" ".join(drawn[place : place + SENTENCE]) + "\n" for place in range(0, count, SENTENCE))
