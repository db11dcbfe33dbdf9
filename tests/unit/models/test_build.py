import dataclasses
import json
from typing import Any, get_args

import pytest
import torch

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.networks.build import Network, NetworkConfig, build_network
from rnnpipe.params import Cell

CELLS = get_args(Cell)
TASKS = ("language_model", "sentiment", "ner")


def config(task: str = "sentiment", **changes: Any) -> NetworkConfig:
    fields = {"task": task, "cell": "lstm", "hidden": 6, "vocabulary_size": 11, "embedding_dimension": 6, "outputs": 3}
    return NetworkConfig(**{**fields, **changes})


def read(network: Network, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    scores = network(ids, lengths)
    return scores[0] if isinstance(scores, tuple) else scores


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_shapes_with_an_empty_and_a_one_word_text(task: str, cell: Cell) -> None:
    network = build_network(config(task, cell=cell, layers=2, bidirectional=task != "language_model"))
    scores = read(network, torch.randint(11, (3, 4)), torch.tensor([4, 0, 1]))
    assert scores.shape == ((3, 3) if task == "sentiment" else (3, 4, 3))
    assert bool(scores.isfinite().all())
    assert read(network, torch.zeros(2, 0, dtype=torch.int64), torch.tensor([0, 0])).shape[0] == 2


@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
def test_padding_and_batch_mates_do_not_change_a_text(pooling: str) -> None:
    network = build_network(config(pooling=pooling, bidirectional=True, layers=2))
    ids, lengths = torch.randint(11, (3, 5)), torch.tensor([5, 2, 0])
    together = network(ids, lengths)
    for row, length in enumerate(lengths.tolist()):
        alone = network(ids[row : row + 1, :length], lengths[row : row + 1])
        torch.testing.assert_close(together[row], alone[0], rtol=0, atol=1e-6)


def test_a_language_model_does_not_see_what_it_predicts() -> None:
    network = build_network(config("language_model", cell="gru"))
    ids = torch.randint(11, (1, 6))
    changed = ids.clone()
    changed[0, 4:] = (ids[0, 4:] + 1) % 11
    lengths = torch.tensor([6])
    one, other = network(ids, lengths)[0], network(changed, lengths)[0]
    assert torch.equal(one[:, :4], other[:, :4])
    assert not torch.equal(one[:, 4:], other[:, 4:])


def test_a_language_model_carries_its_state() -> None:
    network = build_network(config("language_model"))
    ids = torch.randint(11, (2, 6))
    expected, _ = network(ids, torch.tensor([6, 6]))
    first, state = network(ids[:, :4], torch.tensor([4, 4]))
    second, _ = network(ids[:, 4:], torch.tensor([2, 2]), state.detach())
    torch.testing.assert_close(torch.cat([first, second], dim=1), expected, rtol=0, atol=1e-6)


def test_tied_output_is_the_embedding() -> None:
    network = build_network(config("language_model", tied=True, outputs=11))
    assert network.output.weight is network.embedding.weight


def test_a_one_hot_network_reads_columns_of_its_input_matrix() -> None:
    one_hot = build_network(config(one_hot=True, embedding_dimension=11))
    looked_up = build_network(config(embedding_dimension=11))
    looked_up.load_state_dict({"embedding.weight": torch.eye(11), **one_hot.state_dict()})
    ids, lengths = torch.randint(11, (2, 4)), torch.tensor([4, 3])
    assert torch.equal(one_hot(ids, lengths), looked_up(ids, lengths))


def test_frozen_vectors_get_no_gradient() -> None:
    network = build_network(config(tuned=False))
    network(torch.randint(11, (2, 4)), torch.tensor([4, 3])).sum().backward()
    assert network.embedding.weight.grad is None
    assert network.output.weight.grad is not None


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_network_learns_one_batch_by_heart(task: str, cell: Cell) -> None:
    torch.manual_seed(0)
    network = build_network(config(task, cell=cell, hidden=16, embedding_dimension=8))
    ids, lengths = torch.randint(11, (4, 5)), torch.tensor([5, 4, 3, 5])
    targets = torch.randint(3, (4,) if task == "sentiment" else (4, 5))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.03)
    for _ in range(100):
        loss = torch.nn.functional.cross_entropy(read(network, ids, lengths).flatten(0, -2), targets.flatten(), reduction="none")
        read_words = torch.ones(4) if task == "sentiment" else torch.arange(5) < lengths.unsqueeze(1)
        loss = (loss * read_words.flatten()).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.5


def test_config_survives_json() -> None:
    original = config(layers=2, pooling="max", dropout=0.25)
    assert NetworkConfig.from_dict(json.loads(json.dumps(original.to_dict()))) == original
    assert all(field.name in original.to_dict() for field in dataclasses.fields(NetworkConfig))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"one_hot": True}, "one-hot vectors of 11 words have not 6 numbers"),
        ({"tied": True, "hidden": 7}, r"hidden \(7\) must equal the embedding's dimension \(6\)"),
        ({"tied": True, "tuned": False}, "tied: the output matrix must be trained"),
        ({"bidirectional": True}, "may not see the words that it predicts"),
    ],
)
def test_contradictions_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RnnpipeError, match=message):
        config("language_model", **changes)


@pytest.mark.parametrize("changes", [{"flavour": 1}, {"cell": None}])
def test_a_description_of_another_version_is_refused(changes: dict[str, Any]) -> None:
    fields = {**config().to_dict(), **changes}
    if fields["cell"] is None:
        del fields["cell"]
    with pytest.raises(RnnpipeError, match="not the description of a network"):
        NetworkConfig.from_dict(fields)
