"""Each cell against its equations, written out for one sequence and one step at a time, in float64."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from rnnpipe.layers.cells import CELLS
from rnnpipe.layers.recurrent import Recurrent

INPUT, HIDDEN, STEPS = 4, 5, 6
LETTERS = {
    "rnn": "a",
    "gru_simple": "uc",
    "gru": "urc",
    "lstm": "ufoc",
    "mingru": "zh",
    "slstm": "ifoz",
    "rglru": "riu",
    "mogrifier": "ufoc",
}
PARTS = {"lstm": 2, "slstm": 4, "mogrifier": 2}
State = tuple[Tensor, ...]
Gate = Callable[..., Tensor]


def gate(cell: torch.nn.Module, letter: str, letters: str, x: Tensor, h: Tensor | None = None) -> Tensor:
    """W [h, x] + b of one gate for one sequence; without h, W x + b."""
    rows = slice(letters.index(letter) * HIDDEN, (letters.index(letter) + 1) * HIDDEN)
    seen = cell.weight_ih[rows] @ x + cell.bias[rows]
    return seen if h is None else seen + cell.weight_hh[rows] @ h


def rnn(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    return (torch.tanh(g("a", x, state[0])),)


def gru_simple(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    update = torch.sigmoid(g("u", x, state[0]))
    return (update * torch.tanh(g("c", x, state[0])) + (1 - update) * state[0],)


def gru(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    update, relevance = torch.sigmoid(g("u", x, state[0])), torch.sigmoid(g("r", x, state[0]))
    return (update * torch.tanh(g("c", x, relevance * state[0])) + (1 - update) * state[0],)


def lstm(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    a, c = state
    c = torch.sigmoid(g("u", x, a)) * torch.tanh(g("c", x, a)) + torch.sigmoid(g("f", x, a)) * c
    return torch.sigmoid(g("o", x, a)) * torch.tanh(c), c


def mingru(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    update, v = torch.sigmoid(g("z", x)), g("h", x)
    return ((1 - update) * state[0] + update * torch.stack([n + 0.5 if n >= 0 else torch.sigmoid(n) for n in v]),)


def slstm(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    h, c, n, m = state
    entry, kept = g("i", x, h), F.logsigmoid(g("f", x, h)) + m
    m = entry if not n.any() else torch.maximum(kept, entry)
    i, f = torch.exp(entry - m), torch.exp(torch.minimum(kept - m, torch.zeros(())))
    c, n = f * c + i * torch.tanh(g("z", x, h)), f * n + i
    return torch.sigmoid(g("o", x, h)) * c / n, c, n, m


def rglru(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    kept = torch.exp(-8 * torch.sigmoid(g("r", x)) * F.softplus(cell.decay))
    return (kept * state[0] + torch.sqrt(1 - kept**2) * torch.sigmoid(g("i", x)) * g("u", x),)


def mogrifier(g: Gate, cell: torch.nn.Module, x: Tensor, state: State) -> State:
    a, (q1, r2, q3, r4, q5) = state[0], cell.rounds
    x = 2 * torch.sigmoid(q1 @ a) * x
    a = 2 * torch.sigmoid(r2 @ x) * a
    x = 2 * torch.sigmoid(q3 @ a) * x
    a = 2 * torch.sigmoid(r4 @ x) * a
    x = 2 * torch.sigmoid(q5 @ a) * x
    return lstm(g, cell, x, (a, state[1]))


EQUATIONS = {step.__name__: step for step in (rnn, gru_simple, gru, lstm, mingru, slstm, rglru, mogrifier)}


def read(name: str, cell: torch.nn.Module, inputs: Tensor, lengths: list[int], state: Tensor) -> tuple[Tensor, Tensor]:
    """Read each sequence of (B, T, E) by itself up to its own end, from (P, B, H); outputs behind it are 0."""
    outputs = torch.zeros(len(lengths), inputs.shape[1], HIDDEN, dtype=torch.float64)
    ends = []
    for row, length in enumerate(lengths):
        own = tuple(state[:, row])
        for step in range(length):
            own = EQUATIONS[name](lambda letter, *seen: gate(cell, letter, LETTERS[name], *seen), cell, inputs[row, step], own)
            outputs = outputs.index_put((torch.tensor(row), torch.tensor(step)), own[0])
        ends.append(torch.stack(own))
    return outputs, torch.stack(ends, dim=1)


def test_every_cell_has_its_equations_here() -> None:
    assert set(EQUATIONS) == set(CELLS)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("lengths", [[6, 6, 6], [0, 6, 3, 1, 2, 5, 4], [0, 0]])
def test_outputs_state_and_gradients_are_those_of_the_equations(name: str, lengths: list[int]) -> None:
    torch.manual_seed(3)
    recurrent = Recurrent(name, INPUT, [HIDDEN], fused=False).double()
    cell, size = recurrent.stack[0], len(lengths)
    first, second = (torch.randn(size, STEPS, INPUT, dtype=torch.float64, requires_grad=True) for _ in range(2))
    # What stands behind a sequence's end goes on where it is read again: the state is that at its own end.
    outputs, middle = recurrent(first, torch.tensor(lengths), true_state=True)
    carried, (end,) = recurrent(second, torch.tensor(lengths), middle, true_state=True)
    zero = torch.zeros(PARTS.get(name, 1), size, HIDDEN, dtype=torch.float64)
    expected, expected_middle = read(name, cell, first, lengths, zero)
    expected_carried, expected_end = read(name, cell, second, lengths, expected_middle)
    for one, other in ((outputs, expected), (middle[0], expected_middle), (carried, expected_carried), (end, expected_end)):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
    if not any(lengths):
        return
    # The sLSTM's c and n are a share of e^m, which is no part of what it says.
    parts = 1 if name == "slstm" else len(zero)
    weighing = [torch.randn_like(value) for value in (outputs, carried, end[:parts])]
    wanted = [first, second, *recurrent.parameters()]

    def gradients(*values: Tensor) -> tuple[Tensor, ...]:
        return torch.autograd.grad(sum((value * by).sum() for value, by in zip(values, weighing, strict=True)), wanted)

    found, right = gradients(outputs, carried, end[:parts]), gradients(expected, expected_carried, expected_end[:parts])
    for one, other in zip(found, right, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", CELLS)
def test_every_parameter_is_used_at_every_step(name: str) -> None:
    recurrent = Recurrent(name, INPUT, [HIDDEN], fused=False)
    outputs, _ = recurrent(torch.randn(2, 3, INPUT), torch.tensor([3, 3]))
    for parameter, gradient in zip(
        recurrent.parameters(), torch.autograd.grad(outputs.square().sum(), list(recurrent.parameters())), strict=True
    ):
        assert gradient.shape == parameter.shape
        assert gradient.any()


@pytest.mark.parametrize("name", CELLS)
def test_gates_that_do_not_see_the_state_have_no_matrix_for_it(name: str) -> None:
    cell = CELLS[name](INPUT, HIDDEN)
    assert hasattr(cell, "weight_hh") == cell.sees_state == (name not in ("mingru", "rglru"))


@pytest.mark.parametrize("name", CELLS)
def test_a_row_that_begins_does_not_see_one_that_goes_on(name: str) -> None:
    recurrent = Recurrent(name, INPUT, [HIDDEN], fused=False).double()
    inputs, lengths = torch.randn(2, STEPS, INPUT, dtype=torch.float64), torch.tensor([STEPS, STEPS])
    (carried,) = recurrent(inputs, lengths)[1]
    mixed = torch.stack([torch.zeros_like(carried[:, 0]), carried[:, 1]], dim=1)
    outputs, _ = recurrent(inputs, lengths, (mixed,))
    for row in range(2):
        alone, _ = recurrent(inputs[row : row + 1], lengths[:1], (mixed[:, row : row + 1],))
        torch.testing.assert_close(outputs[row], alone[0], rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", CELLS)
def test_extreme_inputs_give_finite_outputs_and_gradients(name: str) -> None:
    recurrent = Recurrent(name, INPUT, [HIDDEN], fused=False)
    inputs = (1000 * torch.randn(3, 40, INPUT)).requires_grad_()
    outputs, (state,) = recurrent(inputs, torch.tensor([40, 40, 7]), true_state=True)
    outputs.sum().backward()
    assert outputs.isfinite().all()
    assert state.isfinite().all()
    assert all(value.grad.isfinite().all() for value in (inputs, *recurrent.parameters()))


def test_a_state_that_is_kept_whole_has_a_gradient() -> None:
    cell = CELLS["rglru"](INPUT, HIDDEN)
    torch.nn.init.constant_(cell.decay, -200.0)  # a = 1, 1 - a² = 0: the square root has no derivative there
    outputs, _ = cell(torch.randn(STEPS, 2, INPUT), torch.ones(1, 2, HIDDEN))
    outputs.sum().backward()
    assert torch.equal(outputs, torch.ones(STEPS, 2, HIDDEN))
    assert all(parameter.grad.isfinite().all() for parameter in cell.parameters())


def test_the_share_that_an_rglru_keeps_starts_between_its_bounds() -> None:
    kept = torch.exp(-F.softplus(CELLS["rglru"](INPUT, 2000).decay))
    assert 0.9 <= kept.min() < 0.91
    assert 0.99 < kept.max() <= 0.999


@pytest.mark.parametrize("name", ["slstm", "mogrifier"])
def test_the_forget_gate_of_their_kind_starts_open(name: str) -> None:
    assert torch.equal(CELLS[name](INPUT, HIDDEN).bias[HIDDEN : 2 * HIDDEN], torch.ones(HIDDEN))
