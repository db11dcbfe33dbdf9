"""The later cells against packages of others, the authors' own where there is one."""

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

from rnnpipe.layers.cells import CELLS

BATCH, STEPS, HIDDEN = 3, 20, 8
HEAVY = "no part of the dev extra, because it asks for {}; `pip install --no-deps {}` runs this test"


def example(name: str, input_size: int = HIDDEN, dtype: torch.dtype = torch.float64) -> tuple[Any, Tensor]:
    torch.manual_seed(1)
    cell = CELLS[name](input_size, HIDDEN).to(dtype)
    return cell, torch.randn(STEPS, BATCH, input_size, dtype=dtype, requires_grad=True)


def assert_same(found: Tensor, expected: Tensor, inputs: Tensor, tolerance: float) -> None:
    """Outputs and the gradients of the inputs."""
    torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)
    weighing = torch.randn_like(found)
    gradients = [torch.autograd.grad((values * weighing).sum(), inputs, retain_graph=True)[0] for values in (found, expected)]
    torch.testing.assert_close(*gradients, rtol=0, atol=tolerance)


def test_mingru_is_that_of_mingru_pytorch() -> None:
    reference = pytest.importorskip("minGRU_pytorch").minGRU(4, expansion_factor=HIDDEN / 4, proj_out=False).double()
    cell, inputs = example("mingru", 4)
    with torch.no_grad():
        cell.bias.zero_()
        update, candidate = cell.weight_ih.chunk(2)
        reference.to_hidden_and_gate.weight.copy_(torch.cat([candidate, update]))
    outputs, state = cell(inputs, torch.zeros(1, BATCH, HIDDEN, dtype=torch.float64))
    expected, last = reference(inputs.transpose(0, 1), return_next_prev_hidden=True)
    assert_same(outputs, expected.transpose(0, 1), inputs, 1e-9)
    # From a carried state, all steps at once and one by one.
    carried, _ = cell(inputs, state)
    assert_same(carried, reference(inputs.transpose(0, 1), prev_hidden=last).transpose(0, 1), inputs, 1e-9)
    for step in range(STEPS):
        last = reference(inputs[step].unsqueeze(1), prev_hidden=last)
        torch.testing.assert_close(last[:, 0], carried[step], rtol=0, atol=1e-9)


def test_slstm_is_that_of_xlstm() -> None:
    reason = HEAVY.format("mlstm_kernels and matplotlib", "xlstm==2.0.6")
    vanilla = pytest.importorskip("xlstm.blocks.slstm.src.vanilla", reason=reason)
    cell, inputs = example("slstm", 4)
    order = [0, 1, 3, 2]  # i, f, z, o

    def theirs(parameter: Tensor) -> Tensor:
        blocks = parameter.chunk(4)
        return torch.cat([blocks[place] for place in order])

    def read(state: Tensor) -> tuple[Tensor, Tensor]:
        states, last, _ = vanilla.slstm_forward(
            inputs @ theirs(cell.weight_ih).t(),
            state,
            theirs(cell.weight_hh).unsqueeze(0),
            theirs(cell.bias),
            vanilla.slstm_pointwise_function_registry["slstm"],
        )
        return states[0, 1:], last

    zero = torch.zeros(4, BATCH, HIDDEN, dtype=torch.float64)
    outputs, state = cell(inputs, zero)
    expected, last = read(zero)
    assert_same(outputs, expected, inputs, 1e-10)
    torch.testing.assert_close(state, last, rtol=0, atol=1e-10)
    assert_same(cell(inputs, state)[0], read(last)[0], inputs, 1e-10)


def test_rglru_is_that_of_recurrentgemma(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = recurrentgemma_layers(monkeypatch)
    cell, inputs = example("rglru", dtype=torch.float32)  # theirs sums in float32
    reference = layers.RGLRU(width=HIDDEN, num_heads=1)
    with torch.no_grad():
        recurrence, entry, values = cell.weight_ih.chunk(3)
        values.copy_(torch.eye(HIDDEN))  # their x is our W_u x + b_u
        biases = cell.bias.chunk(3)
        biases[2].zero_()
        reference.a_param.copy_(cell.decay)
        for theirs, matrix, bias in ((reference.a_gate, recurrence, biases[0]), (reference.input_gate, entry, biases[1])):
            theirs.w.copy_(matrix.t().unsqueeze(0))
            theirs.b.copy_(bias.unsqueeze(0))
    # Positions from 1 on: at 0 theirs begins a text, and lets the first input in whole.
    positions = torch.arange(1, STEPS + 1).expand(BATCH, STEPS)
    outputs, state = cell(inputs, torch.zeros(1, BATCH, HIDDEN))
    expected, last = reference(inputs.transpose(0, 1), positions, torch.zeros(BATCH, HIDDEN))
    assert_same(outputs, expected.transpose(0, 1), inputs, 1e-5)
    carried, _ = reference(inputs.transpose(0, 1), positions, last)
    assert_same(cell(inputs, state)[0], carried.transpose(0, 1), inputs, 1e-5)


def recurrentgemma_layers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import their torch layers past the package's door, which asks for jax."""
    reason = HEAVY.format("jax and an older NumPy", "recurrentgemma==1.0.1 einops jaxtyping wadler-lindig")
    found = importlib.util.find_spec("recurrentgemma")
    if found is None:
        pytest.skip(f"recurrentgemma: {reason}")
    for name, folder in (("recurrentgemma", ""), ("recurrentgemma.torch", "/torch")):
        package = ModuleType(name)
        package.__path__ = [f"{path}{folder}" for path in found.submodule_search_locations or []]
        monkeypatch.setitem(sys.modules, name, package)
    pytest.importorskip("jaxtyping", reason=reason)
    return importlib.import_module("recurrentgemma.torch.layers")
