"""Kernels of torch that run all steps of a layer at once (oneDNN on CPUs, cuDNN on GPUs), behind the interface of our cells."""

import torch
from torch import Tensor, nn


class FusedRNN(nn.RNN):
    """`rnn` by torch.nn.RNN: the same function as `rnnpipe.layers.cells.SimpleCell`."""

    parts = 1

    def forward(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Read (T, B, E) from state (1, B, H); return outputs (T, B, H) and the last state (1, B, H)."""
        outputs, last = super().forward(inputs, state)
        return outputs, last


class FusedGRU(nn.GRU):
    """`gru_fused` by torch.nn.GRU: the reset gate is applied after the matrix product, unlike in the lecture."""

    parts = 1

    def forward(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Read (T, B, E) from state (1, B, H); return outputs (T, B, H) and the last state (1, B, H)."""
        outputs, last = super().forward(inputs, state)
        return outputs, last


class FusedLSTM(nn.LSTM):
    """`lstm` by torch.nn.LSTM: the same function as `rnnpipe.layers.cells.LSTMCell`. Its rows: Γu, Γf, c~, Γo."""

    parts = 2

    def forward(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Read (T, B, E) from state (2, B, H), that is (a, c); return outputs (T, B, H) and the last state (2, B, H)."""
        outputs, last = super().forward(inputs, (state[0:1].contiguous(), state[1:2].contiguous()))
        return outputs, torch.cat(last)
