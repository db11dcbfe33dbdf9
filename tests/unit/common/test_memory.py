import resource

import pytest
import torch

from rnnpipe.common.memory import library, memory_kept


def pages(times=20):
    """Return how many pages Linux handed out for 40 MiB that are filled and freed again and again."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        torch.ones(10 * 2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(library() is None, reason="no glibc")
def test_memory_is_taken_once_and_given_back_at_the_end():
    once = 40 * 2**20 // resource.getpagesize()
    with memory_kept():
        pages(1)
        assert pages() < 10 * once  # some may be in use in between
    assert pages() > 15 * once


def test_without_glibc_nothing_is_done(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert library() is None
    with memory_kept():
        assert torch.ones(3).sum() == 3
