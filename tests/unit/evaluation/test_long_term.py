from pathlib import Path

import pytest
import torch
from small_corpora import small_corpus
from small_runs import saved_model

from rnnpipe.evaluation.long_term import (
    Trial,
    agreement_rows,
    ask,
    best_rate,
    gradient_rows,
    metrics,
    reach,
)
from rnnpipe.inference import open_model
from rnnpipe.metrics.agreement import PairAccuracy
from rnnpipe.models.model import Model
from rnnpipe.text.pairs import EncodedPair


def trial(rate: float, seed: int, loss: float, near: float, far: float) -> Trial:
    rows = [PairAccuracy(0, 10, near), PairAccuracy(21, 10, far), PairAccuracy(30, 10, far)]
    return Trial(rate, seed, loss, rows, [1.0, 2e-7], [1.0 * seed, 1e-7 * seed])


TRIALS = [
    trial(0.01, 1, 1.0, 100.0, 60.0),
    trial(0.01, 2, 3.0, 100.0, 90.0),
    trial(0.001, 1, 1.5, 100.0, 50.0),
    trial(0.001, 2, 1.7, 98.0, 70.0),
]


def test_one_rate_is_chosen_by_the_mean_validation_loss() -> None:
    assert best_rate(TRIALS) == 0.001
    assert best_rate([trial(0.01, 1, 1.0, 0, 0), trial(0.001, 1, 1.0, 0, 0)]) == 0.001


def test_metrics_are_those_of_the_chosen_rate() -> None:
    assert metrics(TRIALS) == {
        "learning_rate": 0.001,
        "validation_loss": 1.6,
        "agreement.0": 99.0,
        "agreement.21": 60.0,
        "agreement.30": 60.0,
        "agreement.long.seed_1": 50.0,
        "agreement.long.seed_2": 70.0,
        "agreement.long.mean": 60.0,
        "agreement.long.min": 50.0,
    }


def test_without_long_distances_there_is_no_long_agreement() -> None:
    short = Trial(0.01, 1, 1.0, [PairAccuracy(3, 10, 70.0)], [1.0], [1.0])
    assert metrics([short]) == {"learning_rate": 0.01, "validation_loss": 1.0, "agreement.3": 70.0}


def test_tables_show_everything_that_was_trained() -> None:
    rows = list(agreement_rows(TRIALS))
    assert len(rows) == 12
    assert rows[1] == ("0.01", 1, 0, 21, 60.0)
    assert rows[-1] == ("0.001", 2, 1, 30, 70.0)
    assert list(gradient_rows(TRIALS)) == [(0, "1.5", "1"), (1, "1.5e-07", "2e-07")]


W0, W1, W2 = 3, 4, 5
PAIRS = [(1, [W0], [W1], [W2]), *((2, [W0, number], [W1], [W2]) for number in (3, 4, 5))]


@pytest.fixture
def pairs(tmp_path: Path) -> list[EncodedPair]:
    return small_corpus(tmp_path / "pairs", pairs=PAIRS).pairs


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return saved_model(tmp_path / "model", "long_term", network={"cell": "rnn", "dropout": 0.5, "layers": 2})


def test_a_trained_network_is_asked(tmp_path: Path, model: Model, pairs: list[EncodedPair]) -> None:
    opened = open_model(tmp_path / "model")
    with torch.no_grad():
        opened.model.head.theta.weight.zero_()
        opened.model.head.theta.bias[W1] = 1.0
    found = ask(opened, model, pairs, 0.25)
    assert found.agreement == [PairAccuracy(1, 1, 100.0), PairAccuracy(2, 3, 100.0)]
    assert (found.learning_rate, found.seed, found.validation_loss) == (0.02, 1, 0.25)
    assert found.norms == [0.0, 0.0, 0.0], "the head that was trained does not look at its input"
    assert min(found.norms_before) > 0


@pytest.mark.parametrize("mode", [True, False])
def test_reach_is_the_gradient_of_the_last_prediction(model: Model, pairs: list[EncodedPair], mode: bool) -> None:
    model.train(mode)
    norms = reach(model, pairs)
    assert len(norms) == 3
    assert all(module.training is mode for module in model.modules()), "the model is in the mode that it was in"
    vectors = model.encoder.embedding(torch.tensor([[2, 3, number] for number in (3, 4, 5)])).detach().requires_grad_()
    outputs, _ = model.eval().encoder.recurrent(vectors, torch.tensor([3, 3, 3]))
    losses = -model.head.log_probabilities(outputs[:, -1])[:, W1]
    (gradient,) = torch.autograd.grad(losses.sum(), vectors)
    assert norms == pytest.approx(gradient.norm(dim=2).mean(0).flip(0).tolist(), rel=1e-5)
