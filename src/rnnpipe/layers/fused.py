"""Kernels of torch that run all steps of a layer at once (oneDNN on CPUs, cuDNN on GPUs), behind the interface of our cells."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnpipe.layers.products import are_bf16


class FusedRNN(nn.RNN):
    """`rnn` by torch.nn.RNN: the same function as `rnnpipe.layers.cells.SimpleCell`."""

    parts = 1

    def forward(  # type: ignore[override]
        self, inputs: Tensor, state: Tensor, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Read (T, B, E) from state (1, B, H); see `rnnpipe.layers.cells.RecurrentCell.forward`."""
        return read(super().forward, inputs, state, lengths)


class FusedGRU(nn.GRU):
    """`gru_fused` by torch.nn.GRU: the reset gate is applied after the matrix product, unlike in the lecture."""

    parts = 1

    def forward(  # type: ignore[override]
        self, inputs: Tensor, state: Tensor, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Read (T, B, E) from state (1, B, H); see `rnnpipe.layers.cells.RecurrentCell.forward`."""
        return read(super().forward, inputs, state, lengths)


class FusedLSTM(nn.LSTM):
    """`lstm` by torch.nn.LSTM: the same function as `rnnpipe.layers.cells.LSTMCell`. Its rows: Γu, Γf, c~, Γo."""

    parts = 2

    def forward(  # type: ignore[override]
        self, inputs: Tensor, state: Tensor, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Read (T, B, E) from state (2, B, H), that is (a, c); see `rnnpipe.layers.cells.RecurrentCell.forward`."""
        return read(self._read, inputs, state, lengths)

    def _read(self, inputs: Any, state: Tensor) -> tuple[Any, Tensor]:
        # This kernel of oneDNN does not hear of `bf16_products`: it must be handed bfloat16.
        with torch.autocast("cpu", torch.bfloat16) if are_bf16() else nullcontext():
            outputs, last = super().forward(inputs, (state[0:1].contiguous(), state[1:2].contiguous()))
        return outputs.to(state.dtype), torch.cat(last).to(state.dtype)


def read(
    kernel: Callable[..., tuple[Any, Tensor]], inputs: Tensor, state: Tensor, lengths: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Run a kernel over a padded batch; it is packed only where the state at each sequence's own end is asked for."""
    if lengths is None:
        return kernel(inputs, state)
    packed = pack_padded_sequence(inputs, lengths.clamp(min=1).cpu(), enforce_sorted=False)
    packed_outputs, last = kernel(packed, state)
    outputs, _ = pad_packed_sequence(packed_outputs, total_length=len(inputs))  # (T, B, H)
    return outputs, torch.where((lengths > 0)[:, None], last, state)
