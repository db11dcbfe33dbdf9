"""The adaptive softmax against torch's, and how it chooses its cutoffs."""

import numpy as np
import pytest
import torch

from rnnpipe.batches.batch import IGNORED
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


def one_matrix():
    torch.manual_seed(1)
    head = AdaptiveSoftmax(6, 12, cutoffs=[4, 7], factor=None).double()
    with torch.no_grad():
        for weight in head.parameters():
            weight.normal_()
    return head


def test_without_a_factor_words_are_rows_of_one_matrix_as_long_as_a_state():
    head, states = one_matrix(), torch.randn(5, 6, dtype=torch.float64)
    found = head.log_probabilities(states).exp()
    scores, places = head.theta(states).exp(), head.places(states).exp()
    shortlist = scores[:, :4].sum(1) + places.sum(1)
    torch.testing.assert_close(found[:, 3], scores[:, 3] / shortlist)
    torch.testing.assert_close(found[:, 5], places[:, 0] / shortlist * scores[:, 5] / scores[:, 4:7].sum(1))
    torch.testing.assert_close(found[:, 11], places[:, 1] / shortlist * scores[:, 11] / scores[:, 7:].sum(1))
    torch.testing.assert_close(found.sum(1), torch.ones(5, dtype=torch.float64))
    assert head.theta.weight.shape == (12, 6)


@pytest.mark.parametrize("factor", [None, 2.0])
def test_in_chunks_loss_and_gradients_are_the_same(factor, monkeypatch):
    torch.manual_seed(1)
    head = AdaptiveSoftmax(6, 12, cutoffs=[4, 7], factor=factor).double()
    states = torch.randn(3, 7, 6, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([[0, 1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 0, 11], [IGNORED, 3, 3, IGNORED, 0, 1, 2]])
    found = []
    for large in (10**9, 0):
        monkeypatch.setattr("rnnpipe.heads.adaptive.LARGE", large)
        monkeypatch.setattr("rnnpipe.heads.cross_entropy.ROWS", 40)
        loss = head.loss(states, targets)
        found.append([loss, *torch.autograd.grad(loss, [states, *head.parameters()])])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-10)


def test_a_cluster_that_no_target_is_in_gets_no_gradient():
    head = one_matrix()
    head.loss(torch.randn(2, 6, dtype=torch.float64), torch.tensor([0, 5])).backward()
    assert head.theta.weight.grad[:7].abs().min() > 0
    assert head.theta.weight.grad[7:].abs().max() == 0
