"""One contract for all heads: what a model, a task and an evaluation may ask of each of them."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rnnpipe.batches.batch import IGNORED
from rnnpipe.heads.adaptive import AdaptiveSoftmax
from rnnpipe.heads.crf import Crf
from rnnpipe.heads.head import LARGE, Head, options_of
from rnnpipe.heads.hierarchical import HierarchicalSoftmax
from rnnpipe.heads.huffman import huffman_tree
from rnnpipe.heads.mixture import Mixture
from rnnpipe.heads.negative_sampling import NegativeSampling
from rnnpipe.heads.softmax import Softmax
from rnnpipe.tasks.task import task_named

COUNTS = np.array([0, 9, 40, 30, 9, 5, 3, 2, 1])
INPUTS, OUTPUTS = 5, len(COUNTS)
HEADS: list[type[Head]] = list(task_named("language_model").heads.values())
LIKELIHOOD = [head for head in HEADS if head is not NegativeSampling]
"""Heads whose loss is a likelihood: -log p of the target."""
heads = pytest.mark.parametrize("head", HEADS, ids=lambda head: head.__name__)
likelihood_heads = pytest.mark.parametrize("head", LIKELIHOOD, ids=lambda head: head.__name__)


def filled(head: type[Head]) -> Head:
    """Return a head with numbers in all its weights."""
    torch.manual_seed(1)
    made = head(INPUTS, OUTPUTS, COUNTS)
    with torch.no_grad():
        for weight in made.parameters():
            weight.normal_()
    return made


def states_and_targets() -> tuple[Tensor, Tensor]:
    """Return states (2, 4, H) and targets (2, 4), three of them ignored."""
    generator = torch.Generator().manual_seed(2)
    targets = torch.tensor([[2, 3, 8, IGNORED], [1, 4, IGNORED, IGNORED]])
    return torch.randn(2, 4, INPUTS, generator=generator), targets


def test_the_contract_is_held_by_all_heads_of_all_tasks() -> None:
    """But for that of sequences, which scores no state by itself: tests/unit/heads/test_crf.py."""
    known = {head for name in ("language_model", "sentiment", "ner") for head in task_named(name).heads.values()}
    assert known - {Crf} == set(HEADS) == {Softmax, AdaptiveSoftmax, Mixture, HierarchicalSoftmax, NegativeSampling}


@likelihood_heads
def test_the_loss_is_the_sum_of_negative_log_probabilities(head: type[Head]) -> None:
    made, (states, targets) = filled(head), states_and_targets()
    expected = -sum(
        made.log_probabilities(states)[place][targets[place]] for place in zip(*torch.where(targets >= 0), strict=True)
    )
    torch.testing.assert_close(made.loss(states, targets), expected)


@heads
@pytest.mark.parametrize("large", [LARGE, 1, 20])
def test_log_probabilities_of_targets_are_those_of_all_outputs(
    head: type[Head], large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnpipe.heads.head.LARGE", large)
    made, (states, targets) = filled(head), states_and_targets()
    with torch.no_grad():
        found, rows = made.target_log_probabilities(states, targets), made.log_probabilities(states)
    assert found.shape == targets.shape
    for place in np.ndindex(*targets.shape):
        target = int(targets[place])
        assert float(found[place]) == pytest.approx(0.0 if target == IGNORED else float(rows[place][target]), abs=1e-5)


@heads
def test_losses_of_single_targets_add_up_to_the_loss(head: type[Head]) -> None:
    made, (states, targets) = filled(head), states_and_targets()
    kept = targets != IGNORED
    torch.manual_seed(3)  # what negative sampling draws
    whole = made.loss(states, targets)
    torch.manual_seed(3)
    single = made.losses(states[kept], targets[kept])
    assert single.shape == (5,)
    torch.testing.assert_close(single.sum(), whole)


@heads
def test_the_loss_does_not_see_ignored_positions(head: type[Head]) -> None:
    made, (states, targets) = filled(head), states_and_targets()
    changed = states.masked_fill((targets == IGNORED).unsqueeze(-1), 1e4)
    losses = []
    for values in (states, changed):
        torch.manual_seed(3)
        values.requires_grad_()
        losses.append(made.loss(values, targets))
        losses[-1].backward()
        assert not values.grad[targets == IGNORED].any()
    assert torch.equal(*losses)


@heads
def test_nothing_to_predict_is_a_loss_of_zero_with_gradients(head: type[Head]) -> None:
    made, (states, targets) = filled(head), states_and_targets()
    loss = made.loss(states.requires_grad_(), torch.full_like(targets, IGNORED))
    loss.backward()
    assert loss.item() == 0.0
    assert not states.grad.any()


@heads
def test_pooled_states_and_states_of_words_are_the_same_to_a_head(head: type[Head]) -> None:
    made, (states, targets) = filled(head), states_and_targets()
    losses = []
    for values, wanted in ((states, targets), (states.flatten(0, 1), targets.flatten())):
        torch.manual_seed(3)
        losses.append(made.loss(values, wanted))
    torch.testing.assert_close(*losses)


@heads
@pytest.mark.parametrize("shape", [(3,), (2, 4), ()])
def test_log_probabilities_sum_to_one(head: type[Head], shape: tuple[int, ...]) -> None:
    found = filled(head).log_probabilities(torch.randn(*shape, INPUTS))
    assert found.shape == (*shape, OUTPUTS)
    torch.testing.assert_close(found.exp().sum(-1), torch.ones(shape), rtol=0, atol=1e-5)


@heads
def test_decoding_takes_the_likeliest(head: type[Head]) -> None:
    made, (states, _) = filled(head), states_and_targets()
    expected = made.log_probabilities(states).argmax(-1)
    assert torch.equal(made.decode(states, torch.tensor([4, 2])), expected)
    assert torch.equal(made.decode(states[:, 0], torch.tensor([4, 2])), expected[:, 0])
    outputs, probabilities = made.confident(states, torch.tensor([4, 2]))
    assert torch.equal(outputs, expected)
    torch.testing.assert_close(probabilities, made.log_probabilities(states).exp().amax(-1))


@heads
def test_gradients_are_finite_even_far_out(head: type[Head]) -> None:
    made, (states, targets) = filled(head), states_and_targets()
    large = (states * 1e4).requires_grad_()
    made.loss(large, targets).backward()
    for gradient in (large.grad, *(weight.grad for weight in made.parameters())):
        assert gradient.isfinite().all()


@heads
def test_a_head_says_what_options_it_takes(head: type[Head]) -> None:
    options = options_of(head)
    assert not {"self", "inputs", "outputs", "counts"} & options.keys()
    assert head(INPUTS, OUTPUTS, COUNTS, **options).outputs == OUTPUTS


def test_hierarchical_log_probabilities_are_the_way_down_the_tree() -> None:
    made = filled(HierarchicalSoftmax)
    tree, theta = huffman_tree(COUNTS), made.theta.weight.detach().double().numpy()
    state = torch.randn(INPUTS, generator=torch.Generator().manual_seed(4))
    for word, found in enumerate(made.log_probabilities(state).tolist()):
        expected = 0.0
        for node, code in zip(tree.nodes[word, : tree.lengths[word]], tree.codes[word], strict=False):
            answer = 1 / (1 + np.exp(-float(theta[node] @ state.double().numpy())))
            expected += np.log(answer if code else 1 - answer)
        assert found == pytest.approx(expected, abs=1e-5)


@heads
def test_a_distribution_is_found(head: type[Head]) -> None:
    """With the same state every time, what is left to learn is how frequent each output is: `log_probabilities` finds it."""
    shares = np.array([0, 0.5, 0, 0.25, 0, 0.125, 0.0625, 0.0625, 0])
    counts = (shares * 1600).astype(np.int64)
    torch.manual_seed(1)
    made = head(1, OUTPUTS, counts)
    targets = torch.from_numpy(np.repeat(np.arange(OUTPUTS), counts))
    states = torch.ones(len(targets), 1)
    optimizer = torch.optim.Adam(made.parameters(), lr=0.1)
    for step in range(300):
        optimizer.param_groups[0]["lr"] = 0.1 * 0.985**step
        optimizer.zero_grad()
        (made.loss(states, targets) / len(targets)).backward()
        optimizer.step()
    found = made.log_probabilities(torch.ones(1)).exp().detach().numpy()
    assert found == pytest.approx(shares, abs=0.02)
