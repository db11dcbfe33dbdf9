"""Language models that learn from the text that they are scored on: never to be compared with those that do not.

Both forms say the probability of a word before they have seen it, and learn from it afterwards. They begin each split from
nothing but the trained weights, and leave those as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.batches.streams import StreamWindows, stream
from rnnpipe.inference.language_model import TrainedLanguageModel
from rnnpipe.inference.neural_cache import NeuralCache
from rnnpipe.text.encoded import EncodedSplit

Floats = NDArray[np.float64]


@torch.inference_mode()
def cache_log_probabilities(model: TrainedLanguageModel, split: EncodedSplit, window: int, thetas: Sequence[float]) -> Floats:
    """Return what a neural cache alone says of each word of a stream, for each theta, shape (thetas, N + documents), in nats.

    -inf where the word does not stand in the window, NaN of the very first one; see `with_cache`.
    """
    cache = NeuralCache(window, thetas)
    found = [cache.read(states, words).cpu().double().numpy() for states, words, _ in model.read_stream(split)]
    return np.concatenate([np.zeros((len(thetas), 0)), *found], axis=1)


def with_cache(log_probabilities: Floats, cached: Floats, weight: float) -> Floats:
    """Return log((1 - weight) p + weight p_cache): (N,), (N,) -> (N,); where nothing is remembered yet, log p.

    Parameters
    ----------
    log_probabilities : ndarray of shape (N,), dtype=float64
        By the model, in nats.
    cached : ndarray of shape (N,), dtype=float64
        By the cache alone, as `cache_log_probabilities` gives them.
    weight : float in (0, 1)
        Lambda.
    """
    remembered = ~np.isnan(cached)
    found = log_probabilities.copy()
    found[remembered] = np.logaddexp(np.log1p(-weight) + found[remembered], np.log(weight) + cached[remembered])
    return found


def dynamic_log_probabilities(
    model: TrainedLanguageModel, split: EncodedSplit, learning_rate: float, decay: float, segment: int
) -> Floats:
    """Return the log-probability of each word of a stream by a network that is trained on, shape (N + documents,), in nats.

    After each segment, with the gradient g of its mean loss, w <- w - learning_rate · g + decay · (w_trained - w): the plain SGD
    form of Krause et al. 2018, section 4, without their normalisation by mean squared gradients. Nothing is dropped out.

    Parameters
    ----------
    model : TrainedLanguageModel
        Of a stream. Its weights are the trained ones again when it is done.
    split : EncodedSplit
        Of N words.
    learning_rate : float
    decay : float in [0, 1)
    segment : int
        Words that are scored before each step.
    """
    device, network = model.trained.device, model.trained.model
    windows = StreamWindows(stream(split), batch_size=1, bptt=segment)
    found, state = [np.zeros(0)], None
    with _restored([weight for weight in network.parameters() if weight.requires_grad]) as (weights, trained):
        for batch in map(windows.window, range(len(windows))):
            states, state = network(batch.ids.to(device), batch.lengths, state)
            scores = network.head.target_log_probabilities(states, batch.targets.to(device))  # (1, T)
            found.append(scores[0].detach().cpu().double().numpy())
            gradients = torch.autograd.grad(-scores.mean(), weights, allow_unused=True)
            state = tuple(part.detach() for part in state)
            _step(weights, trained, gradients, learning_rate, decay)
    return np.concatenate(found)


@torch.no_grad()
def _step(
    weights: Sequence[Tensor], trained: Sequence[Tensor], gradients: Sequence[Tensor | None], rate: float, decay: float
) -> None:
    for weight, start, gradient in zip(weights, trained, gradients, strict=True):
        if gradient is not None:
            weight.lerp_(start, decay).add_(gradient, alpha=-rate)


@contextmanager
def _restored(weights: Sequence[Tensor]) -> Iterator[tuple[Sequence[Tensor], Sequence[Tensor]]]:
    """Give weights and copies of them; afterwards they have those values again. Gradients go through on a GPU too.

    cuDNN has no backward pass in evaluation mode, and training mode would drop out.
    """
    trained = [weight.detach().clone() for weight in weights]
    try:
        with torch.backends.cudnn.flags(enabled=False):
            yield weights, trained
    finally:
        with torch.no_grad():
            for weight, start in zip(weights, trained, strict=True):
                weight.copy_(start)
