"""How the C library keeps the memory of large arrays that come and go."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX = -1, -3, -4
"""Settings of glibc's mallopt(3)."""


@contextmanager
def memory_kept() -> Iterator[None]:
    """Keep freed memory of this process for what it asks for next, and give it back at the end.

    glibc returns to Linux whatever takes 32 MiB or more as soon as it is freed, and takes it anew page by page. A matrix of
    33,000 words by 256 numbers is that large: its gradient, made and freed at each step, can take more time that way than all
    products together. Without glibc nothing is done.
    """
    glibc = library()
    if glibc is None:
        yield
        return
    glibc.mallopt(M_MMAP_MAX, 0)
    glibc.mallopt(M_TRIM_THRESHOLD, -1)
    try:
        yield
    finally:
        glibc.mallopt(M_MMAP_MAX, 65_536)  # its own, and the largest thresholds that it would come to by itself
        glibc.mallopt(M_MMAP_THRESHOLD, 2**25)
        glibc.mallopt(M_TRIM_THRESHOLD, 2**26)
        glibc.malloc_trim(0)


def library() -> Any:
    """Return the process's C library if it has glibc's mallopt, else None."""
    found = ctypes.CDLL(None) if sys.platform == "linux" else None
    return found if hasattr(found, "mallopt") else None
