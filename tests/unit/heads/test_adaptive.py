"""The adaptive softmax against torch's, and how it chooses its cutoffs."""

import numpy as np
import pytest
import torch

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.adaptive import AdaptiveSoftmax
from rnnpipe.text.vocabulary import RESERVED, Vocabulary


def pair(inputs, outputs, cutoffs, factor):
    """Return ours and torch's with the same weights."""
    torch.manual_seed(1)
    ours = AdaptiveSoftmax(inputs, outputs, cutoffs=cutoffs, factor=factor)
    theirs = torch.nn.AdaptiveLogSoftmaxWithLoss(inputs, outputs, cutoffs, div_value=factor)
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    return ours, theirs


@pytest.mark.parametrize(
    ("inputs", "outputs", "cutoffs", "factor"),
    [(16, 50, [5, 20], 4.0), (16, 50, [10], 2.0), (8, 30, [1, 2, 29], 2.0), (6, 9, [3, 8], 1.0)],
)
def test_it_is_torchs_with_the_same_weights(inputs, outputs, cutoffs, factor):
    ours, theirs = pair(inputs, outputs, cutoffs, factor)
    states, targets = torch.randn(40, inputs), torch.randint(outputs, (40,))
    torch.testing.assert_close(ours.losses(states, targets), -theirs(states, targets).output, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(ours.log_probabilities(states), theirs.log_prob(states), rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(ours.loss(states, targets) / 40, theirs(states, targets).loss, rtol=1e-6, atol=1e-6)
    own = torch.autograd.grad(ours.loss(states, targets), ours.parameters())
    expected = torch.autograd.grad(40 * theirs(states, targets).loss, theirs.parameters(), materialize_grads=True)
    for one, other in zip(own, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


def test_cutoffs_are_where_the_counts_have_covered_the_text():
    counts = np.array([0, 10, 10, 40, 20, 10, 4, 3, 2, 1])
    assert AdaptiveSoftmax(8, 10, counts).edges == [5, 8, 10]
    assert AdaptiveSoftmax(8, 10, counts, cutoffs=[2, 3, 4]).edges == [2, 3, 4, 10]


@pytest.mark.parametrize("counts", [None, np.zeros(9, dtype=np.int64), np.array([5, 0, 0, 0, 0, 0, 0, 0, 0])])
def test_few_outputs_and_no_counts_leave_what_clusters_there_can_be(counts):
    head = AdaptiveSoftmax(4, 9, counts)
    assert head.edges[-1] == 9
    torch.testing.assert_close(head.log_probabilities(torch.randn(3, 4)).exp().sum(-1), torch.ones(3))


def test_the_ids_of_a_vocabulary_are_in_the_order_that_it_needs():
    counts = Vocabulary.from_counts({"a": 1, "b": 7, "c": 3, "<unk>": 50, "d": 3}, size=3).counts
    words = counts[len(RESERVED) :]
    assert words == sorted(words, reverse=True)


@pytest.mark.parametrize("cutoffs", [[0, 3], [3, 3], [5, 2], [9], [3, 12]])
def test_cutoffs_that_do_not_rise_within_the_vocabulary_are_refused(cutoffs):
    with pytest.raises(RnnpipeError, match=r"network\.head\.cutoffs"):
        AdaptiveSoftmax(4, 9, cutoffs=cutoffs)


def test_vectors_of_rare_words_are_not_longer():
    with pytest.raises(RnnpipeError, match=r"network\.head\.factor"):
        AdaptiveSoftmax(4, 9, factor=0.5)
