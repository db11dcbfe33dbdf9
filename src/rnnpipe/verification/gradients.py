"""How far back gradients reach: the lecture's vanishing gradients, measured."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from rnnpipe.layers.recurrent import Recurrent


def sum_of_units(outputs: Tensor) -> Tensor:
    """Return the loss of each sequence where there are no targets: the sum of the last outputs (B, H), shape (B,)."""
    return outputs.sum(dim=1)


def gradient_norms(
    recurrent: Recurrent, inputs: Tensor, ks: Sequence[int], loss: Callable[[Tensor], Tensor] = sum_of_units
) -> list[float]:
    """Return the norm of ∂loss<t>/∂x<t-k> for each k, where t is the last step; the mean over a batch.

    Parameters
    ----------
    recurrent : Recurrent
        Of one direction; left in the mode that it was in. Its dropout is left out.
    inputs : Tensor of shape (B, T, E)
        Word vectors of sequences without padding.
    ks : sequence of int
        Steps back, each in [0, T).
    loss : callable, default=sum_of_units
        Turns the outputs at the last step (B, H) into the loss of each sequence (B,).
    """
    inputs = inputs.detach().requires_grad_()
    batch, steps, _ = inputs.shape
    # The layers alone in training mode: cuDNN gives gradients in no other. What dropout there is would be part of the answer.
    modes = {module: module.training for module in recurrent.modules()}
    recurrent.eval().stack.train()
    try:
        outputs, _ = recurrent(inputs, torch.full((batch,), steps, device=inputs.device))  # (B, T, H)
        (gradient,) = torch.autograd.grad(loss(outputs[:, -1]).sum(), inputs)  # (B, T, E)
    finally:
        for module, mode in modes.items():
            module.training = mode
    norms = gradient.norm(dim=2).mean(dim=0)  # (T,)
    return [float(norms[steps - 1 - k]) for k in ks]
