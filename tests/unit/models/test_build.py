import json
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from small_runs import CELL_NAMES, TASKS, small_run

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.softmax import Softmax
from rnnpipe.models.build import Sizes, build_model
from rnnpipe.models.model import Model
from rnnpipe.tasks.task import task_named

WORDS = 11


def model(task: str = "sentiment", sizes: dict[str, Any] | None = None, outputs: int = 3, **network: Any) -> Model:
    fields = {"vocabulary_size": WORDS, "embedding_dimension": 6, "outputs": outputs, **(sizes or {})}
    torch.manual_seed(1)
    settings = small_run(task, network={"cell": "lstm", **network}).network
    return build_model(settings, Sizes(**fields), task_named(task).head_of(settings))


def read(made: Model, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    return made.head.log_probabilities(made(ids, lengths)[0])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELL_NAMES)
def test_shapes_with_an_empty_and_a_one_word_text(task: str, cell: str) -> None:
    made = model(task, cell=cell, layers=2, bidirectional=task != "language_model")
    scores = read(made, torch.randint(WORDS, (3, 4)), torch.tensor([4, 0, 1]))
    assert scores.shape == ((3, 3) if task == "sentiment" else (3, 4, 3))
    assert bool(scores.isfinite().all())
    assert read(made, torch.zeros(2, 0, dtype=torch.int64), torch.tensor([0, 0])).shape[0] == 2


@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
def test_padding_and_batch_mates_do_not_change_a_text(pooling: str) -> None:
    made = model(pooling=pooling, bidirectional=True, layers=2)
    ids, lengths = torch.randint(WORDS, (3, 5)), torch.tensor([5, 2, 0])
    together, _ = made(ids, lengths)
    for row, length in enumerate(lengths.tolist()):
        alone, _ = made(ids[row : row + 1, :length], lengths[row : row + 1])
        torch.testing.assert_close(together[row], alone[0], rtol=0, atol=1e-6)


def test_a_language_model_does_not_see_what_it_predicts() -> None:
    made = model("language_model", cell="gru")
    ids = torch.randint(WORDS, (1, 6))
    changed = ids.clone()
    changed[0, 4:] = (ids[0, 4:] + 1) % WORDS
    lengths = torch.tensor([6])
    one, other = made(ids, lengths)[0], made(changed, lengths)[0]
    assert torch.equal(one[:, :4], other[:, :4])
    assert not torch.equal(one[:, 4:], other[:, 4:])


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_a_language_model_carries_its_state(cell: str) -> None:
    made = model("language_model", cell=cell, hidden=[5, 7], layers=2)
    ids = torch.randint(WORDS, (2, 6))
    expected, _ = made(ids, torch.tensor([6, 6]))
    first, state = made(ids[:, :4], torch.tensor([4, 4]))
    second, _ = made(ids[:, 4:], torch.tensor([2, 2]), tuple(part.detach() for part in state))
    torch.testing.assert_close(torch.cat([first, second], dim=1), expected, rtol=0, atol=1e-6)


def test_a_tied_head_s_matrix_is_the_embedding() -> None:
    made = model("language_model", tied=True, outputs=WORDS)
    assert made.head.theta.weight is made.encoder.embedding.weight
    assert made.projection is None


def test_an_adaptive_head_is_tied_where_rare_words_have_whole_vectors() -> None:
    made = model("language_model", tied=True, outputs=WORDS, head={"kind": "adaptive", "factor": None})
    assert made.head.theta.weight is made.encoder.embedding.weight


def test_layers_may_differ_in_size_where_the_last_one_fits_the_tied_matrix() -> None:
    """AWD-LSTM's 400 → 1150 → 1150 → 400, in small."""
    made = model("language_model", tied=True, outputs=WORDS, hidden=[9, 9, 6], layers=3)
    assert [layer.hidden_size for layer in made.encoder.recurrent.stack] == [9, 9, 6]
    assert made.head.theta.weight is made.encoder.embedding.weight
    assert read(made, torch.tensor([[3, 4]]), torch.tensor([2])).shape == (1, 2, WORDS)


def test_a_projection_leads_to_the_tied_matrix_where_the_last_layer_does_not_fit() -> None:
    made = model("language_model", tied=True, projection=True, outputs=WORDS, hidden=[9, 8], layers=2)
    assert tuple(made.projection.weight.shape) == (6, 8)
    assert made.head.theta.weight is made.encoder.embedding.weight
    ids, lengths = torch.tensor([[3, 4]]), torch.tensor([2])
    states, _ = made(ids, lengths)
    outputs, _ = made.encoder(ids, lengths)
    torch.testing.assert_close(states, made.projection(outputs))


def test_a_one_hot_model_reads_columns_of_its_input_matrix() -> None:
    one_hot = model(sizes={"one_hot": True, "embedding_dimension": WORDS})
    looked_up = model(sizes={"embedding_dimension": WORDS})
    looked_up.load_state_dict({"encoder.embedding.weight": torch.eye(WORDS), **one_hot.state_dict()})
    ids, lengths = torch.randint(WORDS, (2, 4)), torch.tensor([4, 3])
    assert torch.equal(one_hot(ids, lengths)[0], looked_up(ids, lengths)[0])


def test_frozen_vectors_get_no_gradient() -> None:
    made = model(trainable=False)
    read(made, torch.randint(WORDS, (2, 4)), torch.tensor([4, 3])).sum().backward()
    assert made.encoder.embedding.weight.grad is None
    assert made.head.theta.weight.grad is not None


def test_dropout_stands_before_the_head_and_words_are_dropped_in_training_only() -> None:
    ids, lengths = torch.randint(WORDS, (2, 4)), torch.tensor([4, 3])
    for fields in ({"dropout": 0.5}, {"embedding_dropout": 0.5}):
        made = model("language_model", **fields)
        assert not torch.equal(made(ids, lengths)[0], made(ids, lengths)[0])
        made.eval()
        assert torch.equal(made(ids, lengths)[0], made(ids, lengths)[0])
    dropped, _ = model("ner", dropout=0.5)(ids, lengths)
    assert 0 < (dropped[0] == 0).float().mean() < 1


@pytest.mark.parametrize(
    ("sizes", "network", "message"),
    [
        ({}, {"hidden": 7}, r"network.tied: the last layer's hidden \(7\) must equal the embedding's dimension \(6\)"),
        ({}, {"hidden": [6, 7], "layers": 2}, r"hidden \(7\) must equal .* or set projection: true"),
        ({"one_hot": True, "embedding_dimension": WORDS}, {"hidden": WORDS}, "one-hot vectors are no matrix to be trained"),
    ],
)
def test_a_tied_matrix_that_does_not_fit_is_refused(sizes: dict[str, Any], network: dict[str, Any], message: str) -> None:
    with pytest.raises(RnnpipeError, match=message):
        model("language_model", sizes=sizes, outputs=WORDS, tied=True, **network)


@pytest.mark.parametrize(
    ("task", "network", "message"),
    [
        ("language_model", {"bidirectional": True}, "may not see the words that it predicts"),
        ("language_model", {"tied": True, "trainable": False}, "the head's matrix must be trained"),
        ("language_model", {"tied": True, "head": "hierarchical"}, "has no matrix of words"),
        ("language_model", {"tied": True, "head": "adaptive"}, "set its factor: null, or tied: false"),
        ("language_model", {"tied": True, "head": {"kind": "adaptive", "factor": 1}}, "set its factor: null"),
        ("language_model", {"projection": True}, "leads to a tied matrix"),
        ("ner", {"hidden": [6, 7]}, "hidden: names 2 sizes, but layers is 1"),
        ("ner", {"hidden": []}, "hidden"),
        ("ner", {"memory": 3}, "looks at an article's other sentences; set context: article"),
        ("ner", {"elsewhere": 3}, "looks at an article's other sentences; set context: article"),
        ("ner", {"unknown_words": 0.2, "unknown_singletons": 0.1}, "singletons are words too"),
        ("ner", {"characters": {"kind": "rnn"}}, "characters.kind"),
        ("ner", {"cell": "lstn"}, "Input should be one of rnn, gru_simple"),
        ("sentiment", {"tied": True}, "tied"),
    ],
)
def test_contradictions_are_refused(task: str, network: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        small_run(task, network=network)


def test_a_head_is_known_by_its_name_and_takes_its_options() -> None:
    settings = small_run("language_model", network={"head": {"kind": "negative_sampling", "negative": 3}}).network
    task = task_named("language_model")
    sizes = Sizes(vocabulary_size=WORDS, embedding_dimension=6, outputs=WORDS)
    counts = torch.arange(WORDS).numpy()
    assert build_model(settings, sizes, task.head_of(settings), counts).head.negative == 3
    assert task.head_of(small_run("language_model", network={"head": "softmax"}).network) is Softmax


@pytest.mark.parametrize(
    ("task", "head", "message"),
    [
        ("ner", "hierarchical", "network.head: 'hierarchical' is no head of ner; there are: softmax"),
        ("language_model", {"kind": "softmax", "negative": 3}, "network.head.negative: no option of a head of kind softmax"),
    ],
)
def test_a_head_that_the_task_does_not_have_is_refused(task: str, head: Any, message: str) -> None:
    with pytest.raises(RnnpipeError, match=message):
        task_named(task).head_of(small_run(task, network={"head": head}).network)


@pytest.mark.parametrize("task", TASKS)
def test_a_network_survives_json(task: str) -> None:
    network = small_run(task, network={"layers": 2, "hidden": [5, 6], "dropout": 0.25, "head": "softmax"}).network
    plain = json.loads(json.dumps(network.resolved()))
    assert type(network).from_plain(plain) == network
    assert plain.keys() == type(network).model_fields.keys()


@pytest.mark.parametrize("changes", [{"flavour": 1}, {"cell": None}])
def test_a_network_of_another_version_is_refused(changes: dict[str, Any]) -> None:
    network = small_run("sentiment").network
    with pytest.raises(ValueError, match=next(iter(changes))):
        type(network).from_plain({**network.resolved(), **changes})
