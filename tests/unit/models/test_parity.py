"""The networks of before the rebuild, written out in torch.nn, give what a model with their weights gives."""

from collections.abc import Mapping

import pytest
import torch
from small_runs import small_run
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnpipe.models.build import Sizes, build_model
from rnnpipe.models.model import Model
from rnnpipe.tasks.task import task_named

WORDS, DIMENSION, HIDDEN = 11, 5, 6
IDS = torch.tensor([[3, 4, 5, 6], [7, 8, 0, 0], [9, 0, 0, 0]])
LENGTHS = torch.tensor([4, 2, 1])


class Written(nn.Module):
    """Embedding, an LSTM for each layer and direction, a linear output: under the names that weights were kept by."""

    def __init__(self, layers: int, directions: int, outputs: int) -> None:
        super().__init__()
        torch.manual_seed(7)
        self.embedding = nn.Embedding(WORDS, DIMENSION)
        self.recurrent = nn.Module()
        inputs = [DIMENSION, *[directions * HIDDEN] * (layers - 1)]
        self.recurrent.stack = nn.ModuleList(nn.LSTM(size, HIDDEN) for size in inputs for _ in range(directions))
        self.directions = directions
        self.output = nn.Linear(directions * HIDDEN, outputs)

    def outputs(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Return the outputs of the last layer, (B, T, D*H); rows are sorted by length."""
        values = self.embedding(ids)
        for number in range(0, len(self.recurrent.stack), self.directions):
            forward = through(self.recurrent.stack[number], values, lengths)
            if self.directions == 1:
                values = forward
                continue
            backward = through(self.recurrent.stack[number + 1], turned(values, lengths), lengths)
            values = torch.cat([forward, turned(backward, lengths)], dim=2)
        return values

    def last(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Return what each direction ends with, (B, D*H)."""
        outputs = self.outputs(ids, lengths)
        ends = outputs[torch.arange(len(ids)), lengths - 1]
        return ends if self.directions == 1 else torch.cat([ends[:, :HIDDEN], outputs[:, 0, HIDDEN:]], dim=1)


def through(layer: nn.LSTM, values: Tensor, lengths: Tensor) -> Tensor:
    packed, _ = layer(pack_padded_sequence(values, lengths, batch_first=True))
    return pad_packed_sequence(packed, batch_first=True)[0]


def turned(values: Tensor, lengths: Tensor) -> Tensor:
    """Return each sequence of (B, T, ...) from its end to its beginning."""
    rows = [torch.cat([row[:length].flip(0), row[length:]]) for row, length in zip(values, lengths.tolist(), strict=True)]
    return torch.stack(rows)


def renamed(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights under the names that they have in a `Model`."""
    names = {"embedding.": "encoder.embedding.", "recurrent.": "encoder.recurrent.", "output.": "head.theta."}
    return {new + name.removeprefix(old): weights[name] for name in weights for old, new in names.items() if name.startswith(old)}


def filled(task: str, written: Written, outputs: int, **network: object) -> Model:
    settings = small_run(task, network={"cell": "lstm", "hidden": HIDDEN, **network}).network
    sizes = Sizes(vocabulary_size=WORDS, embedding_dimension=DIMENSION, outputs=outputs)
    model = build_model(settings, sizes, task_named(task).head_of(settings))
    model.load_state_dict(renamed(written.state_dict()))
    return model.eval()


def test_a_language_model() -> None:
    written = Written(2, 1, WORDS)
    model = filled("language_model", written, WORDS, layers=2)
    states, _ = model(IDS, LENGTHS)
    expected = written.output(written.outputs(IDS, LENGTHS)).log_softmax(-1)
    found = model.head.log_probabilities(states)
    for row, length in enumerate(LENGTHS.tolist()):
        torch.testing.assert_close(found[row, :length], expected[row, :length], rtol=0, atol=1e-6)


@pytest.mark.parametrize("directions", [1, 2])
def test_a_classifier_that_reads_the_last_states(directions: int) -> None:
    written = Written(2, directions, 3)
    model = filled("sentiment", written, 3, layers=2, bidirectional=directions == 2)
    expected = written.output(written.last(IDS, LENGTHS)).softmax(-1)
    found = model.head.log_probabilities(model(IDS, LENGTHS)[0]).exp()
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("directions", [1, 2])
def test_a_tagger(directions: int) -> None:
    written = Written(1, directions, 5)
    model = filled("ner", written, 5, bidirectional=directions == 2)
    expected = written.output(written.outputs(IDS, LENGTHS)).log_softmax(-1)
    states, _ = model(IDS, LENGTHS)
    found = model.head.log_probabilities(states)
    for row, length in enumerate(LENGTHS.tolist()):
        torch.testing.assert_close(found[row, :length], expected[row, :length], rtol=0, atol=1e-6)
        assert torch.equal(model.head.decode(states, LENGTHS)[row, :length], expected[row, :length].argmax(-1))
