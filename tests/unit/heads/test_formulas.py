"""Each head against the slides' formulas, written out word by word in float64."""

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from rnnpipe.heads.hierarchical import HierarchicalSoftmax
from rnnpipe.heads.huffman import huffman_tree
from rnnpipe.heads.negative_sampling import NegativeSampling, negative_shares
from rnnpipe.heads.softmax import Softmax

COUNTS = np.array([40, 30, 9, 9, 5, 3, 2, 1, 1])
WORDS, HIDDEN, EXAMPLES = len(COUNTS), 6, 5
MAKE = {
    "softmax": lambda: Softmax(HIDDEN, WORDS, bias=False),
    "hierarchical": lambda: HierarchicalSoftmax(HIDDEN, WORDS, COUNTS, sparse=True),
    "negative_sampling": lambda: NegativeSampling(HIDDEN, WORDS, COUNTS, negative=4, sparse=True, seed=1),
}
KINDS = list(MAKE)


def filled(kind: str):
    """Return a head with numbers in theta, in float64."""
    layer = MAKE[kind]().double()
    with torch.no_grad():
        layer.theta.weight.normal_(generator=torch.Generator().manual_seed(1))
    return layer


@pytest.fixture
def hidden() -> torch.Tensor:
    return torch.randn(EXAMPLES, HIDDEN, dtype=torch.float64, generator=torch.Generator().manual_seed(2)).requires_grad_()


TARGETS = torch.tensor([0, 8, 3, 3, 5])


def sigma(x: float) -> float:
    return 1 / (1 + np.exp(-x))


def reference(kind: str, theta: np.ndarray, e: np.ndarray, negatives: np.ndarray) -> tuple[list[float], np.ndarray, np.ndarray]:
    """Return losses, and the gradients of their sum for theta and e."""
    losses, theta_gradient, e_gradient = [], np.zeros_like(theta), np.zeros_like(e)
    tree = huffman_tree(COUNTS)
    for example, target in enumerate(TARGETS.tolist()):
        vector = e[example]
        if kind == "softmax":
            exponentials = [np.exp(theta[word] @ vector) for word in range(WORDS)]
            probabilities = [value / sum(exponentials) for value in exponentials]
            losses.append(-np.log(probabilities[target]))
            slopes = [(word, probability - (word == target)) for word, probability in enumerate(probabilities)]
        elif kind == "hierarchical":
            way = range(tree.lengths[target])
            asked = [(tree.nodes[target, depth], float(tree.codes[target, depth])) for depth in way]
            losses.append(-sum(np.log(sigma((2 * code - 1) * theta[node] @ vector)) for node, code in asked))
            slopes = [(node, sigma(theta[node] @ vector) - code) for node, code in asked]
        else:
            asked = [(target, 1.0), *((word, 0.0) for word in negatives[example].tolist())]
            losses.append(-sum(np.log(sigma((2 * label - 1) * theta[word] @ vector)) for word, label in asked))
            slopes = [(word, sigma(theta[word] @ vector) - label) for word, label in asked]
        for row, slope in slopes:
            theta_gradient[row] += slope * vector
            e_gradient[example] += slope * theta[row]
    return losses, theta_gradient, e_gradient


@pytest.mark.parametrize("kind", KINDS)
def test_losses_and_gradients_are_the_formulas(kind: str, hidden: torch.Tensor) -> None:
    layer = filled(kind)
    negatives = filled("negative_sampling").draw(EXAMPLES)  # what the layer itself draws first: the same seed
    losses = layer.losses(hidden, TARGETS)
    losses.sum().backward()
    theta, e = layer.theta.weight.detach().numpy(), hidden.detach().numpy()
    expected, theta_gradient, e_gradient = reference(kind, theta, e, negatives)
    found = layer.theta.weight.grad
    np.testing.assert_allclose(losses.detach(), expected, rtol=1e-12)
    np.testing.assert_allclose(found.to_dense(), theta_gradient, atol=1e-12)
    np.testing.assert_allclose(hidden.grad, e_gradient, atol=1e-12)
    assert found.is_sparse == (kind != "softmax")


@pytest.mark.parametrize("kind", ["softmax", "hierarchical"])
def test_probabilities_sum_to_one(kind: str, hidden: torch.Tensor) -> None:
    losses = filled(kind).losses(hidden[:1].expand(WORDS, -1), torch.arange(WORDS))
    assert float(torch.exp(-losses).sum().detach()) == pytest.approx(1, abs=1e-12)


def test_first_losses_are_those_of_guessing(hidden: torch.Tensor) -> None:
    values = hidden.float()
    depths = huffman_tree(COUNTS).lengths[TARGETS]
    assert HierarchicalSoftmax(HIDDEN, WORDS, COUNTS).losses(values, TARGETS).tolist() == pytest.approx(depths * np.log(2))
    layer = NegativeSampling(HIDDEN, WORDS, COUNTS, negative=4, exponent=0.75, seed=1)
    assert layer.losses(values, TARGETS).tolist() == pytest.approx([5 * np.log(2)] * EXAMPLES)


def test_products_far_from_zero_do_not_overflow() -> None:
    for kind in KINDS:
        layer = filled(kind)
        losses = layer.losses(torch.full((EXAMPLES, HIDDEN), 1e4, dtype=torch.float64), TARGETS)
        assert torch.isfinite(losses).all(), kind


@pytest.mark.parametrize("exponent", [0.0, 0.75, 1.0])
def test_negatives_are_drawn_by_the_formula(exponent: float) -> None:
    shares = negative_shares(COUNTS, exponent)
    np.testing.assert_allclose(shares, [count**exponent / sum(other**exponent for other in COUNTS) for count in COUNTS])
    drawn = NegativeSampling(HIDDEN, WORDS, COUNTS, negative=5, exponent=exponent, seed=3).draw(40_000)
    assert drawn.shape == (40_000, 5)
    test = chisquare(np.bincount(drawn.ravel(), minlength=WORDS), shares * 200_000)
    assert test.pvalue > 0.001
    other = chisquare(np.bincount(drawn.ravel(), minlength=WORDS), negative_shares(COUNTS, exponent + 0.05) * 200_000)
    assert other.pvalue < 0.001, "the test tells exponents apart"


def test_a_word_that_never_stands_in_the_text_is_never_drawn() -> None:
    shares = negative_shares(np.array([0, 3, 0, 1]), 0.0)
    assert shares.tolist() == [0.0, 0.5, 0.0, 0.5]
    drawn = NegativeSampling(HIDDEN, 4, np.array([0, 3, 0, 1]), seed=1).draw(200)
    assert set(drawn.ravel().tolist()) == {1, 3}


def test_without_a_seed_of_its_own_draws_follow_torch_s_generator() -> None:
    layer = NegativeSampling(HIDDEN, WORDS, COUNTS)
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(layer.draw(50).tolist())
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize("head", [HierarchicalSoftmax, NegativeSampling])
def test_heads_of_words_need_counts(head) -> None:
    with pytest.raises(ValueError, match="needs counts"):
        head(HIDDEN, WORDS)
