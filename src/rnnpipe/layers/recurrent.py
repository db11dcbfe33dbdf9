"""Recurrent layers: cells stacked, in one direction or two, over padded batches of sequences of different length."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.cells import GRUCell, LSTMCell, RecurrentCell, SimpleCell, SimplifiedGRUCell
from rnnpipe.layers.fused import FusedGRU, FusedLSTM, FusedRNN
from rnnpipe.layers.initialisation import open_forget_gate_, orthogonal_
from rnnpipe.layers.pooling import last_pooling
from rnnpipe.params import Cell, Initialisation

Layer = RecurrentCell | FusedRNN | FusedGRU | FusedLSTM

LOOPED: dict[Cell, type[RecurrentCell]] = {"rnn": SimpleCell, "gru_simple": SimplifiedGRUCell, "gru": GRUCell, "lstm": LSTMCell}
"""Our own loop: the equations of the lecture."""

FUSED: dict[Cell, type[FusedRNN | FusedGRU | FusedLSTM]] = {"rnn": FusedRNN, "lstm": FusedLSTM, "gru_fused": FusedGRU}
"""Torch's kernels; they compute the same function as the loop where a cell stands in both."""


class Recurrent(nn.Module):
    """A stack of recurrent layers.

    Parameters
    ----------
    cell : {"rnn", "gru_simple", "gru", "lstm", "gru_fused"}
        See `rnnpipe.layers.cells`.
    input_size : int
        Numbers in each input, E.
    hidden_size : int
        Numbers in the state of one layer and direction, H.
    layers : int, default=1
        L.
    bidirectional : bool, default=False
        Add to each layer a second one that reads from the last token to the first; D = 2 instead of 1.
    dropout : float in [0, 1), default=0.0
        Share of a layer's outputs that the next layer does not see, in training.
    initialisation : {"default", "orthogonal"}, default="default"
        `default`: as torch.nn, everything uniform in ±1/sqrt(H). `orthogonal`: the same, but the recurrent matrix of each gate is
        orthogonal. In both an LSTM's forget gate starts open, with the bias 1, else its gradients fade as a simple RNN's do.
    fused : bool, default=True
        Use torch's kernel where it computes the same function as our loop (`rnn`, `lstm`); False: the loop, to compare speeds of
        cells in the same implementation. `gru_fused` has no loop.
    """

    def __init__(
        self,
        cell: Cell,
        input_size: int,
        hidden_size: int,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        initialisation: Initialisation = "default",
        fused: bool = True,
    ) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.directions = 2 if bidirectional else 1
        self.output_size = self.directions * hidden_size
        self.dropout = dropout
        kind: type[Layer] = FUSED[cell] if cell in FUSED and (fused or cell not in LOOPED) else LOOPED[cell]
        self.parts = kind.parts
        sizes = [input_size] + [self.output_size] * (layers - 1)
        self.stack = nn.ModuleList(kind(size, hidden_size) for size in sizes for _ in range(self.directions))
        for layer in self.stack:
            if initialisation == "orthogonal":
                orthogonal_(layer, hidden_size)
            if cell == "lstm":
                open_forget_gate_(layer, hidden_size)

    def forward(self, inputs: Tensor, lengths: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read a padded batch.

        Parameters
        ----------
        inputs : Tensor of shape (B, T, E)
            T may be 0.
        lengths : Tensor of shape (B,), dtype=int64
            Tokens of each sequence, in [0, T]. What stands behind them changes nothing.
        state : Tensor of shape (L*D, P, B, H), optional
            What the call for the window before returned, `.detach()`ed. None: zero. Two directions
            need whole sequences and take none.

        Returns
        -------
        outputs : Tensor of shape (B, T, D*H)
            Zero behind the end of a sequence. The backward direction of each sequence starts at its own last token.
        state : Tensor of shape (L*D, P, B, H)
            For the next window: P = 2 parts (a, c) in an LSTM, else 1. Zero for a sequence shorter than T: it has ended, and what
            stands in its row of the next window is another one.
        """
        batch, steps, _ = inputs.shape
        if state is None:
            state = inputs.new_zeros(len(self.stack), self.parts, batch, self.hidden_size)
        elif self.directions == 2:
            raise ValueError("a bidirectional network reads whole sequences: it takes no state from a window before")
        if steps == 0:
            return inputs.new_zeros(batch, 0, self.output_size), state
        lengths = lengths.to(inputs.device)
        position = torch.arange(steps, device=inputs.device).unsqueeze(1)  # (T, 1)
        padding = position >= lengths  # (T, B)
        values, last = self._read(inputs.transpose(0, 1), state, torch.where(padding, position, lengths - 1 - position))
        outputs = values.masked_fill(padding.unsqueeze(2), 0.0).transpose(0, 1)  # (B, T, D*H)
        return outputs, last.masked_fill((lengths < steps).unsqueeze(1), 0.0)

    def _read(self, values: Tensor, state: Tensor, reversal: Tensor) -> tuple[Tensor, Tensor]:
        """Pass (T, B, E) through all layers; `reversal` (T, B): the step that takes each one's place in a reversed sequence."""
        last = []
        for number in range(0, len(self.stack), self.directions):
            if number > 0:
                values = F.dropout(values, self.dropout, self.training)
            outputs, end = self.stack[number](values, state[number])  # (T, B, H), (P, B, H)
            last.append(end)
            if self.directions == 2:
                backward, end = self.stack[number + 1](_reverse(values, reversal), state[number + 1])
                last.append(end)
                outputs = torch.cat([outputs, _reverse(backward, reversal)], dim=2)  # (T, B, 2*H)
            values = outputs
        return values, torch.stack(last)

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
