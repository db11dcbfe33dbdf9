import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.huffman import huffman_tree

some_counts = st.lists(st.integers(0, 1000), min_size=2, max_size=60)


def codes_of(tree) -> list[str]:
    return ["".join("01"[int(bit)] for bit in row[:length]) for row, length in zip(tree.codes, tree.lengths, strict=True)]


def least_cost(counts: list[int]) -> int:
    """Return the sum of count times length of the best code: what all joins of the two rarest nodes cost."""
    heap, cost = list(counts), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        cost += joined
        heapq.heappush(heap, joined)
    return cost


@given(some_counts)
def test_codes_are_the_shortest(counts: list[int]) -> None:
    tree = huffman_tree(np.array(counts))
    assert int(tree.lengths @ np.array(counts)) == least_cost(counts)


@given(some_counts)
def test_no_code_begins_another(counts: list[int]) -> None:
    codes = sorted(codes_of(huffman_tree(np.array(counts))))
    assert all(not later.startswith(code) for code, later in zip(codes, codes[1:], strict=False))
    assert sum(2.0 ** -len(code) for code in codes) == 1, "and none is left over (Kraft)"


@given(some_counts)
def test_words_with_equal_beginnings_of_code_share_these_nodes(counts: list[int]) -> None:
    tree = huffman_tree(np.array(counts))
    ways: dict[str, int] = {}
    for word, code in enumerate(codes_of(tree)):
        for depth in range(len(code)):
            assert ways.setdefault(code[:depth], int(tree.nodes[word, depth])) == tree.nodes[word, depth]
    assert sorted(ways.values()) == list(range(len(counts) - 1)), "a node of its own for each beginning"
    assert ways[""] == len(counts) - 2


def test_a_tree_by_hand() -> None:
    tree = huffman_tree(np.array([5, 1, 1, 2]))
    assert tree.lengths.tolist() == [1, 3, 3, 2]
    assert tree.nodes.tolist() == [[2, 0, 0], [2, 1, 0], [2, 1, 0], [2, 1, 0]]


def test_one_word_has_no_tree() -> None:
    with pytest.raises(RnnpipeError, match="a Huffman tree of 1 words"):
        huffman_tree(np.array([3]))
