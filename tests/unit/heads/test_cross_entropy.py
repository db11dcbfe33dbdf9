"""The product and the cross entropy in chunks: the same numbers as the plain way, without a table of all scores."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from rnnpipe.batches.batch import IGNORED
from rnnpipe.heads import cross_entropy
from rnnpipe.heads.cross_entropy import linear_cross_entropy
from rnnpipe.heads.softmax import Softmax
from rnnpipe.layers.products import bf16_products


def weights(rows, inputs, outputs, bias, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rows + 7 * inputs + 31 * outputs)
    shapes = [(rows, inputs), (outputs, inputs), (outputs,)][: 3 if bias else 2]
    made = [torch.randn(*shape, generator=generator, dtype=dtype).requires_grad_() for shape in shapes]
    targets = torch.randint(outputs, (rows,), generator=generator)
    return made, targets


def gradients(loss, made):
    return torch.autograd.grad(3 * loss, made)


@settings(deadline=None)
@given(st.integers(0, 9), st.integers(1, 5), st.integers(1, 12), st.booleans(), st.integers(1, 60))
def test_loss_and_gradients_are_those_of_the_plain_cross_entropy(rows, inputs, outputs, bias, chunk):
    made, targets = weights(rows, inputs, outputs, bias)
    plain = F.cross_entropy(F.linear(*made), targets, reduction="sum")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_entropy, "ROWS", chunk)
        loss = linear_cross_entropy(made[0], made[1], made[2] if bias else None, targets)
    torch.testing.assert_close(loss, plain, rtol=1e-10, atol=1e-10)
    for found, expected in zip(gradients(loss, made), gradients(plain, made), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_it_is_finite_far_out():
    made, targets = weights(6, 3, 8, True, torch.float32)
    loss = linear_cross_entropy(made[0] * 1e4, made[1], made[2], targets)
    assert loss.isfinite()
    assert all(gradient.isfinite().all() for gradient in gradients(loss, made))


def test_a_second_backward_gives_the_same():
    made, targets = weights(4, 3, 8, True)
    loss = linear_cross_entropy(*made, targets)
    first = torch.autograd.grad(loss, made, retain_graph=True)
    second = torch.autograd.grad(2 * loss, made)
    for one, two in zip(first, second, strict=True):
        torch.testing.assert_close(2 * one, two)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("tied", [True, False])
def test_a_large_softmax_gives_what_a_small_one_does(bias, tied, monkeypatch):
    torch.manual_seed(1)
    embedding = torch.nn.Parameter(torch.randn(11, 4, dtype=torch.float64))
    head = Softmax(4, 11, bias=bias).double()
    if tied:
        head.theta.weight = embedding
    ids, targets = torch.tensor([[1, 2, 3], [4, 5, 5]]), torch.tensor([[2, 3, IGNORED], [IGNORED, 10, 0]])
    found = []
    for large in (10**9, 0):
        monkeypatch.setattr("rnnpipe.heads.softmax.LARGE", large)
        head.zero_grad()
        embedding.grad = None
        loss = head.loss(F.embedding(ids, embedding).tanh(), targets)
        loss.backward()
        with torch.no_grad():
            torch.testing.assert_close(head.loss(F.embedding(ids, embedding).tanh(), targets), loss)
        found.append([loss, embedding.grad.clone(), *(weight.grad.clone() for weight in head.parameters())])
    for plain, chunked in zip(*found, strict=True):
        torch.testing.assert_close(chunked, plain, rtol=1e-10, atol=1e-10)


def test_frozen_weights_get_no_gradient():
    made, targets = weights(4, 3, 8, True)
    made[1].requires_grad_(False)
    linear_cross_entropy(*made, targets).backward()
    assert made[1].grad is None
    assert made[0].grad is not None


class Largest(TorchDispatchMode):
    """Remembers the largest tensor that any operation returns, and what is kept for the backward pass."""

    def __init__(self):
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, tuple) else (result,):
            if isinstance(tensor, torch.Tensor):
                self.numbers = max(self.numbers, tensor.numel())
        return result


@pytest.mark.parametrize("rounded", [False, True])
def test_no_table_of_all_scores_is_made(rounded, monkeypatch):
    monkeypatch.setattr(cross_entropy, "ROWS", 10 * 500)
    monkeypatch.setattr("rnnpipe.heads.softmax.LARGE", 10 * 500)
    monkeypatch.setattr("rnnpipe.heads.head.LARGE", 10 * 500)
    head, states = Softmax(4, 500), torch.randn(300, 4, requires_grad=True)
    targets = torch.arange(300)
    with Largest() as largest, bf16_products(rounded):
        head.loss(states, targets).backward()
        head.target_log_probabilities(states.detach(), targets)
        with torch.no_grad():
            head.loss(states, targets)
    assert largest.numbers == 10 * 500
