"""Recurrent layers: cells stacked, in one direction or two, over padded batches of sequences of different length."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from rnnpipe.layers.cells import CELLS, RecurrentCell
from rnnpipe.layers.dropout import Dropout
from rnnpipe.layers.fused import FusedGRU, FusedLSTM, FusedRNN
from rnnpipe.layers.initialisation import open_forget_gate_, orthogonal_
from rnnpipe.layers.pooling import last_pooling
from rnnpipe.layers.weight_dropout import require_droppable, with_dropped_weights
from rnnpipe.params import Cell, Initialisation

Layer = RecurrentCell | FusedRNN | FusedGRU | FusedLSTM
State = tuple[Tensor, ...]
"""For each layer and direction a tensor (P, B, H): P = 2 parts (a, c) in an LSTM, else 1."""

FUSED: dict[Cell, type[FusedRNN | FusedGRU | FusedLSTM]] = {"rnn": FusedRNN, "lstm": FusedLSTM, "gru_fused": FusedGRU}
"""Torch's kernels; they compute the same function as our loop (`CELLS`) where a cell stands in both."""


class Recurrent(nn.Module):
    """A stack of recurrent layers.

    Parameters
    ----------
    cell : str
        A name of `rnnpipe.layers.cells.CELLS` or `FUSED`.
    input_size : int
        Numbers in each input, E.
    hidden_sizes : sequence of int
        Numbers in the state of each layer, one direction of it: H of layer 1, 2, …
    bidirectional : bool, default=False
        Add to each layer a second one that reads from the last token to the first; D = 2 instead of 1.
    dropout : float in [0, 1), default=0.0
        Dropout probability of a layer's outputs, before the next layer.
    initialisation : {"default", "orthogonal"}, default="default"
        `default`: as torch.nn, everything uniform in ±1/sqrt(H). `orthogonal`: the same, but the recurrent matrix of each gate is
        orthogonal. In both an LSTM's forget gate starts open, with the bias 1, else its gradients fade as a simple RNN's do.
    fused : bool, default=True
        Use torch's kernel where it computes the same function as our loop (`rnn`, `lstm`); False: the loop, to compare speeds of
        cells in the same implementation. `gru_fused` has no loop.
    variational : bool, default=False
        Drop the same numbers of a layer's outputs at all steps.
    weight_dropout : float in [0, 1), default=0.0
        Dropout probability of the numbers of each layer's hidden-to-hidden matrices, drawn once for all steps of a batch.

    Raises
    ------
    RnnpipeError
        Weight dropout of a cell that has no such matrix.
    """

    def __init__(
        self,
        cell: Cell,
        input_size: int,
        hidden_sizes: Sequence[int],
        bidirectional: bool = False,
        dropout: float = 0.0,
        initialisation: Initialisation = "default",
        fused: bool = True,
        variational: bool = False,
        weight_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.directions = 2 if bidirectional else 1
        self.output_size = self.directions * hidden_sizes[-1]
        self.dropout = Dropout(dropout, variational)
        self.weight_dropout = weight_dropout
        kind: type[Layer] = FUSED[cell] if cell in FUSED and (fused or cell not in CELLS) else CELLS[cell]
        self.parts = kind.parts
        inputs = [input_size, *(self.directions * size for size in hidden_sizes[:-1])]
        sizes = [pair for pair in zip(inputs, hidden_sizes, strict=True) for _ in range(self.directions)]
        self.hidden_sizes = [size for _, size in sizes]
        self.stack = nn.ModuleList(kind(*pair) for pair in sizes)
        for layer, (_, size) in zip(self.stack, sizes, strict=True):
            if initialisation == "orthogonal":
                orthogonal_(layer, size)
            if cell == "lstm":
                open_forget_gate_(layer, size)
            if weight_dropout:
                require_droppable(cell, layer)

    def zero_state(self, batch: int, like: Tensor) -> State:
        """Return the state of nothing read, for `batch` sequences, on the device and of the dtype of a tensor."""
        return tuple(like.new_zeros(self.parts, batch, size) for size in self.hidden_sizes)

    def forward(
        self, inputs: Tensor, lengths: Tensor, state: State | None = None, true_state: bool = False
    ) -> tuple[Tensor, State]:
        """Read a padded batch.

        Parameters
        ----------
        inputs : Tensor of shape (B, T, E)
            T may be 0.
        lengths : Tensor of shape (B,), dtype=int64
            Tokens of each sequence, in [0, T]. What stands behind them changes no output.
        state : tuple of Tensor of shape (P, B, H), optional
            What the call for the window before returned, detached. None: zero. Two directions need whole sequences and take none.
        true_state : bool, default=False
            Return the state at each sequence's own end, where an encoder's decoder begins. It takes time where sequences differ
            in length. False: the state after T steps, the same for sequences of length T, as the windows of a stream are.

        Returns
        -------
        outputs : Tensor of shape (B, T, D*H)
            Zero behind the end of a sequence. The backward direction of each sequence starts at its own last token.
        state : tuple of Tensor of shape (P, B, H)
            For each layer and direction.
        """
        batch, steps, _ = inputs.shape
        if state is None:
            state = self.zero_state(batch, inputs)
        elif self.directions == 2:
            raise ValueError("a bidirectional network reads whole sequences: it takes no state from a window before")
        if steps == 0:
            return inputs.new_zeros(batch, 0, self.output_size), state
        lengths = lengths.to(inputs.device)
        position = torch.arange(steps, device=inputs.device).unsqueeze(1)  # (T, 1)
        padding = position >= lengths  # (T, B)
        reversal = torch.where(padding, position, lengths - 1 - position)
        values, last = self._read(inputs.transpose(0, 1), state, reversal, lengths if true_state else None)
        return values.masked_fill(padding.unsqueeze(2), 0.0).transpose(0, 1), last  # (B, T, D*H)

    def _read(self, values: Tensor, state: State, reversal: Tensor, lengths: Tensor | None) -> tuple[Tensor, State]:
        """Pass (T, B, E) through all layers; `reversal` (T, B): the step that takes each one's place in a reversed sequence."""
        last = []
        for number in range(0, len(self.stack), self.directions):
            if number > 0:
                values = self.dropout(values, steps=0)
            outputs, end = self._layer(number, values, state, lengths)  # (T, B, H), (P, B, H)
            last.append(end)
            if self.directions == 2:
                backward, end = self._layer(number + 1, _reverse(values, reversal), state, lengths)
                last.append(end)
                outputs = torch.cat([outputs, _reverse(backward, reversal)], dim=2)  # (T, B, 2*H)
            values = outputs
        return values, tuple(last)

    def _layer(self, number: int, values: Tensor, state: State, lengths: Tensor | None) -> tuple[Tensor, Tensor]:
        layer, inputs = self.stack[number], (values, state[number], lengths)
        if not self.training or self.weight_dropout == 0.0:
            return layer(*inputs)  # type: ignore[no-any-return]
        return with_dropped_weights(layer, self.weight_dropout, *inputs)  # type: ignore[no-any-return]

    def final_outputs(self, outputs: Tensor, lengths: Tensor) -> Tensor:
        """Return what each direction has read when it is through, (B, D*H).

        The forward direction at the last token, the backward direction at the first; zeros where the length is 0.
        `outputs` (B, T, D*H) are those of `forward`, `lengths` (B,) those given to it.
        """
        return last_pooling(outputs, lengths, self.directions)


def _reverse(values: Tensor, reversal: Tensor) -> Tensor:
    """Put the steps of each sequence of (T, B, ...) in the order `reversal` (T, B); done twice it changes nothing."""
    steps, batch, size = values.shape
    rows = (reversal * batch + torch.arange(batch, device=values.device)).flatten()  # of the (T*B, ...) matrix
    return values.reshape(steps * batch, size).index_select(0, rows).view(steps, batch, size)
