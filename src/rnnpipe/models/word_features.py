"""The vectors of all that a tagger reads of words beside their ids."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from rnnpipe.batches.batch import Features
from rnnpipe.batches.tagging import ELSEWHERE
from rnnpipe.layers.characters import CharacterCnn, CharacterLstm
from rnnpipe.params import NerNetwork
from rnnpipe.text.word_forms import SHAPES


class WordFeatures(nn.Module):
    """Letters, shape, columns, how a word is written elsewhere, states of language models: vectors, one behind the other.

    Letters are read once for the different words of a batch, however often each of them stands there.

    Parameters
    ----------
    network : NerNetwork
        What is read, and how long each vector is.
    values : mapping of str to int
        Feature of the corpus → how many values it has, without 0 for any other.
    context : int
        Numbers in the states of language models, C.

    Attributes
    ----------
    output_size : int
        Numbers of all vectors together.
    """

    def __init__(self, network: NerNetwork, values: Mapping[str, int], context: int) -> None:
        super().__init__()
        self.characters = _characters(network)
        self.shapes = None if network.shapes is None else nn.Embedding(2 * len(SHAPES), network.shapes)
        self.elsewhere = None if network.elsewhere is None else nn.Embedding(ELSEWHERE, network.elsewhere)
        self.columns = nn.ModuleList(nn.Embedding(values[name] + 1, size) for name, size in network.features.items())
        self.context = None if network.contextual is None else nn.Linear(context, network.contextual)
        sizes = [network.shapes or 0, network.elsewhere or 0, network.contextual or 0, *network.features.values()]
        self.output_size = sum(sizes) + (self.characters.output_size if self.characters else 0)

    def forward(self, features: Features) -> Tensor:
        """Return the vectors, (B, T, `output_size`)."""
        vectors = [embedding(features.columns[:, :, column]) for column, embedding in enumerate(self.columns)]
        if self.shapes is not None:
            vectors.append(self.shapes(features.shapes))
        if self.elsewhere is not None:
            vectors.append(self.elsewhere(features.elsewhere))
        if self.context is not None:
            vectors.append(self.context(features.states))
        if self.characters is not None:
            vectors.append(self.characters(features.characters)[features.words])
        return torch.cat(vectors, dim=2)


def _characters(network: NerNetwork) -> CharacterCnn | CharacterLstm | None:
    asked = network.characters
    if asked is None:
        return None
    if asked.kind == "lstm":
        return CharacterLstm(asked.dimension, asked.hidden)
    return CharacterCnn(asked.dimension, asked.hidden, asked.width)
