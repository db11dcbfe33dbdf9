import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from rnnpipe.layers.cells import CELLS as LOOPED
from rnnpipe.layers.recurrent import FUSED, Recurrent
from rnnpipe.params import Cell, Initialisation
from rnnpipe.params.network import CELLS

INPUT, HIDDEN = 5, 6
WAYS = [(cell, True) for cell in FUSED] + [(cell, False) for cell in LOOPED]
"""Cell, and whether by torch's kernel."""


def build(cell: Cell, layers: int = 1, sizes: tuple[int, ...] | None = None, **options: object) -> Recurrent:
    torch.manual_seed(1)
    return Recurrent(cell, INPUT, sizes or [HIDDEN] * layers, **options)


def assert_equal_states(found: tuple[Tensor, ...], expected: tuple[Tensor, ...]) -> None:
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-6)


def batch(lengths: list[int], steps: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(len(lengths), steps, INPUT, generator=generator), torch.tensor(lengths)


@pytest.mark.parametrize(("cell", "reference"), [("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru_fused", nn.GRU)])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_parity_with_torch(cell: Cell, reference: type[nn.RNNBase], bidirectional: bool) -> None:
    recurrent = build(cell, 2, bidirectional=bidirectional)
    expected = reference(INPUT, HIDDEN, num_layers=2, bidirectional=bidirectional, batch_first=True)
    suffixes = [f"_l{layer}{side}" for layer in range(2) for side in ("", "_reverse")[: recurrent.directions]]
    for layer, suffix in zip(recurrent.stack, suffixes, strict=True):
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(expected, kind + suffix).data.copy_(getattr(layer, kind + "_l0"))
    inputs, lengths = batch([7, 4, 1], 7)
    packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, batch_first=True)
    right, _ = nn.utils.rnn.pad_packed_sequence(expected(packed)[0], batch_first=True)
    outputs, _ = recurrent(inputs, lengths)
    torch.testing.assert_close(outputs, right, rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_loop_is_the_fused_kernel(cell: Cell) -> None:
    fused, loop = build(cell), build(cell, fused=False)
    order = [0, 1, 3, 2] if cell == "lstm" else [0]  # torch puts the candidate before the output gate
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh"):
            blocks = getattr(fused.stack[0], name + "_l0").chunk(len(order))
            getattr(loop.stack[0], name).copy_(torch.cat([blocks[place] for place in order]))
        blocks = (fused.stack[0].bias_ih_l0 + fused.stack[0].bias_hh_l0).chunk(len(order))
        loop.stack[0].bias.copy_(torch.cat([blocks[place] for place in order]))
    one, other = batch([6, 6], 6), batch([6, 6], 6)
    one[0].requires_grad_()
    other[0].requires_grad_()
    (outputs, state), (same_outputs, same_state) = fused(*one), loop(*other)
    torch.testing.assert_close(outputs, same_outputs, rtol=0, atol=1e-6)
    assert_equal_states(state, same_state)
    outputs.square().sum().backward()
    same_outputs.square().sum().backward()
    torch.testing.assert_close(one[0].grad, other[0].grad, rtol=0, atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
@settings(deadline=None, max_examples=10)
@given(lengths=st.lists(st.integers(0, 6), min_size=1, max_size=4), extra=st.integers(0, 3))
def test_padding_and_batch_mates_change_nothing(cell: Cell, bidirectional: bool, lengths: list[int], extra: int) -> None:
    recurrent = build(cell, layers=2, bidirectional=bidirectional)
    inputs, sizes = batch(lengths, max(lengths) + extra)
    outputs, _ = recurrent(inputs, sizes)
    for row, length in enumerate(lengths):
        alone, _ = recurrent(inputs[row : row + 1, :length], sizes[row : row + 1])
        torch.testing.assert_close(outputs[row, :length], alone[0], rtol=0, atol=1e-6)
        assert not outputs[row, length:].any()


@pytest.mark.parametrize("cell", CELLS)
def test_padding_gets_no_gradient(cell: Cell) -> None:
    recurrent = build(cell, layers=2, bidirectional=True)
    inputs, lengths = batch([4, 0, 2], 5)
    inputs.requires_grad_()
    recurrent(inputs, lengths)[0].sum().backward()
    for row, length in enumerate(lengths.tolist()):
        assert not inputs.grad[row, length:].any()
        assert bool(inputs.grad[row, :length].all())


@pytest.mark.parametrize("cell", CELLS)
def test_state_carried_over_windows_is_the_full_pass(cell: Cell) -> None:
    recurrent = build(cell, layers=2)
    inputs, lengths = batch([9, 9], 9)
    expected, last = recurrent(inputs, lengths)
    state, outputs = None, []
    for start, stop in ((0, 4), (4, 5), (5, 9)):
        part, state = recurrent(inputs[:, start:stop], torch.full((2,), stop - start), state)
        outputs.append(part)
    torch.testing.assert_close(torch.cat(outputs, dim=1), expected, rtol=0, atol=1e-6)
    assert_equal_states(state, last)


@pytest.mark.parametrize(("cell", "fused"), WAYS)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("lengths", [[6, 3, 0, 1], [4, 4], [0, 0]])
def test_the_true_state_is_that_of_reading_each_sequence_alone(cell: Cell, fused: bool, bidirectional: bool, lengths) -> None:
    recurrent = build(cell, sizes=(6, 4), bidirectional=bidirectional, fused=fused)
    inputs, sizes = batch(lengths, max(*lengths, 2))
    outputs, state = recurrent(inputs, sizes, true_state=True)
    torch.testing.assert_close(outputs, recurrent(inputs, sizes)[0], rtol=0, atol=1e-6)
    assert [part.shape for part in state] == [part.shape for part in recurrent.zero_state(len(lengths), inputs)]
    for row, length in enumerate(lengths):
        _, alone = recurrent(inputs[row : row + 1, :length], sizes[row : row + 1])
        assert_equal_states(tuple(part[:, row : row + 1] for part in state), alone)


@pytest.mark.parametrize(("cell", "fused"), WAYS)
def test_the_true_state_goes_on_from_the_state_before(cell: Cell, fused: bool) -> None:
    recurrent = build(cell, layers=2, fused=fused)
    inputs, _ = batch([6, 6], 6)
    _, before = recurrent(inputs[:, :3], torch.tensor([3, 3]))
    _, state = recurrent(inputs[:, 3:], torch.tensor([3, 0]), before, true_state=True)
    _, whole = recurrent(inputs, torch.tensor([6, 6]))
    assert_equal_states(tuple(part[:, :1] for part in state), tuple(part[:, :1] for part in whole))
    assert_equal_states(tuple(part[:, 1:] for part in state), tuple(part[:, 1:] for part in before))


@pytest.mark.parametrize(("cell", "fused"), WAYS)
def test_bfloat16_is_near_and_its_state_is_whole(cell: Cell, fused: bool) -> None:
    recurrent = build(cell, layers=2, fused=fused)
    inputs, lengths = batch([6, 3], 6)
    expected, _ = recurrent(inputs, lengths)
    with torch.autocast("cpu", torch.bfloat16):
        outputs, state = recurrent(inputs, lengths, true_state=True)
    torch.testing.assert_close(outputs.float(), expected, rtol=0, atol=0.02)
    if cell != "rnn":
        assert {part.dtype for part in state} == {torch.float32}, "small updates of a memory must not be lost"


@pytest.mark.parametrize("cell", CELLS)
def test_the_state_has_the_parts_and_sizes_of_its_layers(cell: Cell) -> None:
    _, state = build(cell, sizes=(6, 4), bidirectional=True)(*batch([4, 3], 4))
    parts = {"lstm": 2, "slstm": 4, "mogrifier": 2}.get(cell, 1)
    assert [tuple(part.shape) for part in state] == [(parts, 2, 6), (parts, 2, 6), (parts, 2, 4), (parts, 2, 4)]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_layers_of_different_size_are_layers_one_behind_the_other(cell: Cell, bidirectional: bool) -> None:
    stacked = build(cell, sizes=(4, 9, 4), bidirectional=bidirectional)
    directions = stacked.directions
    values, lengths = batch([5, 2], 5)
    expected, _ = stacked(values, lengths)
    assert expected.shape == (2, 5, 4 * directions)
    for number, size in enumerate((4, 9, 4)):
        single = Recurrent(cell, values.shape[2], [size], bidirectional)
        for own, layer in zip(single.stack, stacked.stack[number * directions :], strict=False):
            own.load_state_dict(layer.state_dict())
        values, _ = single(values, lengths)
    torch.testing.assert_close(values, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_the_backward_direction_starts_at_the_own_end(cell: Cell) -> None:
    recurrent = build(cell, bidirectional=True)
    inputs, lengths = batch([5, 3], 5)
    outputs, _ = recurrent(inputs, lengths)
    backward = recurrent.stack[1]
    zero = torch.zeros(recurrent.parts, 1, HIDDEN)
    for row, length in enumerate(lengths.tolist()):
        reversed_sequence = inputs[row, :length].flip(0).unsqueeze(1)  # (T, 1, E)
        expected = backward(reversed_sequence, zero)[0].squeeze(1).flip(0)
        torch.testing.assert_close(outputs[row, :length, HIDDEN:], expected, rtol=0, atol=1e-6)
    final = recurrent.final_outputs(outputs, lengths)
    torch.testing.assert_close(final[1], torch.cat([outputs[1, 2, :HIDDEN], outputs[1, 0, HIDDEN:]]))


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_to_read(cell: Cell) -> None:
    recurrent = build(cell)
    outputs, state = recurrent(*batch([0, 0], 0))
    assert outputs.shape == (2, 0, HIDDEN)
    assert not any(part.any() for part in state)
    assert not recurrent.final_outputs(outputs, torch.tensor([0, 0])).any()


def test_two_directions_take_no_state() -> None:
    recurrent = build("gru", bidirectional=True)
    inputs, lengths = batch([2], 2)
    _, state = recurrent(inputs, lengths)
    with pytest.raises(ValueError, match="whole sequences"):
        recurrent(inputs, lengths, state)


def test_dropout_stands_between_layers_in_training_only() -> None:
    one, two = build("rnn", dropout=0.5), build("rnn", layers=2, dropout=0.5)
    example = batch([4], 4)
    assert torch.equal(one(*example)[0], one(*example)[0])
    assert not torch.equal(two(*example)[0], two(*example)[0])
    two.eval()
    assert torch.equal(two(*example)[0], two(*example)[0])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("fused", [True, False])
def test_initialisation(cell: Cell, fused: bool) -> None:
    default = build(cell, layers=2, fused=fused)
    matrices = [weight for name, weight in default.named_parameters() if "weight" in name]
    assert all(matrix.abs().max() <= HIDDEN**-0.5 for matrix in matrices)
    recurrent = build(cell, layers=2, bidirectional=True, initialisation="orthogonal", fused=fused)
    weights = dict(recurrent.named_parameters())
    matrices = [block for name, weight in weights.items() if "weight_hh" in name for block in weight.split(HIDDEN)]
    for matrix in matrices:
        torch.testing.assert_close(matrix @ matrix.t(), torch.eye(HIDDEN), rtol=0, atol=1e-5)


@pytest.mark.parametrize("initialisation", ["default", "orthogonal"])
@pytest.mark.parametrize("fused", [True, False])
def test_the_forget_gate_of_an_lstm_starts_open(initialisation: Initialisation, fused: bool) -> None:
    for layer in build("lstm", layers=2, bidirectional=True, initialisation=initialisation, fused=fused).stack:
        biases = [weight[HIDDEN : 2 * HIDDEN] for name, weight in layer.named_parameters() if "bias" in name]
        assert torch.equal(sum(biases), torch.ones(HIDDEN))


def test_the_same_seed_gives_the_same_weights() -> None:
    for cell in LOOPED:
        one, other = build(cell), build(cell)
        assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
@pytest.mark.parametrize("cell", CELLS)
def test_a_gpu_computes_the_same(cell: Cell) -> None:
    recurrent = build(cell, layers=2, bidirectional=True)
    inputs, lengths = batch([5, 0, 3], 5)
    expected, _ = recurrent(inputs, lengths)
    outputs, _ = recurrent.cuda()(inputs.cuda(), lengths)
    torch.testing.assert_close(outputs.cpu(), expected, rtol=0, atol=1e-4)
