import pytest
import torch

from rnnpipe.heads.cross_entropy import linear_cross_entropy
from rnnpipe.layers import products
from rnnpipe.layers.cells import CELLS
from rnnpipe.layers.products import are_bf16, bf16_products, has_bf16
from rnnpipe.layers.recurrent import FUSED, Recurrent

WAYS = [*((cell, False) for cell in CELLS), *((cell, True) for cell in FUSED)]
needs_bf16 = pytest.mark.skipif(not has_bf16(), reason="the processor has no bfloat16")


def is_rounded(found, plain, share):
    """Tell that a tensor differs from the plain one, by no more than a share of its norm."""
    return found.dtype == torch.float32 and 0 < (found - plain).detach().norm() < share * plain.detach().norm()


def gradients(loss, made):
    return torch.autograd.grad(loss, made)


@needs_bf16
def test_a_large_softmax_is_near_that_in_float32():
    torch.manual_seed(1)
    made = [torch.randn(200, 32), torch.randn(300, 32) * 0.2, torch.randn(300)]
    made, targets = [one.requires_grad_() for one in made], torch.randint(300, (200,))
    plain = linear_cross_entropy(*made, targets)
    with bf16_products():
        rounded = linear_cross_entropy(*made, targets)
    assert is_rounded(rounded, plain, 2e-3)
    for found, expected in zip(gradients(rounded, made), gradients(plain, made), strict=True):
        assert is_rounded(found, expected, 1e-2)


@needs_bf16
@pytest.mark.parametrize(("cell", "fused"), WAYS)
def test_each_cell_is_near_its_steps_in_float32(cell, fused):
    torch.manual_seed(1)
    layer = Recurrent(cell, 64, [128], fused=fused)
    values, lengths = torch.randn(32, 12, 64, requires_grad=True), torch.full((32,), 12)
    made, found = [values, *layer.parameters()], []
    for rounded in (False, True):
        with bf16_products(rounded):
            outputs, state = layer(values, lengths)
            assert {part.dtype for part in state} == {torch.float32}
            found.append([outputs, *gradients(outputs.square().sum(), made)])
    assert all(is_rounded(short, plain, 2e-2) for plain, short in zip(*found, strict=True))


def test_products_are_rounded_only_where_it_is_asked_for():
    with bf16_products(False):
        assert not are_bf16()
    with bf16_products():
        assert are_bf16() == has_bf16()
    assert not are_bf16()


def test_a_processor_without_bfloat16_multiplies_in_float32(monkeypatch):
    monkeypatch.setattr(products, "has_bf16", lambda: False)
    with bf16_products():
        assert not are_bf16()
