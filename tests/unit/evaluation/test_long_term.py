from pathlib import Path

import pytest
import torch
from rnnpipe.evaluation.agreement import MinimalPair, PairAccuracy
from rnnpipe.networks.build import NetworkConfig, build_network
from small_corpora import small_corpus

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.long_term import (
    Trial,
    agreement,
    agreement_rows,
    best_rate,
    gradient_rows,
    metrics,
    reach,
    required_pairs,
)


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
        "val_loss": 1.6,
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
    assert metrics([short]) == {"learning_rate": 0.01, "val_loss": 1.0, "agreement.3": 70.0}


def test_tables_show_everything_that_was_trained() -> None:
    rows = list(agreement_rows(TRIALS))
    assert len(rows) == 12
    assert rows[1] == ("0.01", 1, 0, 21, 60.0)
    assert rows[-1] == ("0.001", 2, 1, 30, 70.0)
    assert list(gradient_rows(TRIALS)) == [(0, "1.5", "1"), (1, "1.5e-07", "2e-07")]


PAIRS = [MinimalPair(1, ("w0",), "w1", "w2"), *(MinimalPair(2, ("w0", f"w{number}"), "w1", "w2") for number in range(3))]


@pytest.fixture
def network():
    torch.manual_seed(0)
    sizes = {"hidden": 6, "vocabulary_size": 15, "embedding_dimension": 5, "outputs": 15}
    return build_network(NetworkConfig(task="language_model", cell="rnn", **sizes))


def test_agreement_is_that_of_the_probabilities(network, tmp_path: Path) -> None:
    vocabulary = small_corpus(tmp_path).vocabulary
    with torch.no_grad():
        network.output.weight.zero_()
        network.output.bias[vocabulary.ids["w1"]] = 1.0
    assert agreement(network, PAIRS, vocabulary) == [PairAccuracy(1, 1, 100.0), PairAccuracy(2, 3, 100.0)]


def test_reach_is_the_gradient_of_the_last_prediction(network, tmp_path: Path) -> None:
    vocabulary = small_corpus(tmp_path).vocabulary
    norms = reach(network, PAIRS, vocabulary)
    assert len(norms) == 3
    vectors = network.embedding(torch.tensor([[2, 3, number] for number in (3, 4, 5)])).detach().requires_grad_()
    outputs, _ = network.recurrent(vectors, torch.tensor([3, 3, 3]))
    losses = -network.output(outputs[:, -1]).log_softmax(-1)[:, vocabulary.ids["w1"]]
    (gradient,) = torch.autograd.grad(losses.sum(), vectors)
    assert norms == pytest.approx(gradient.norm(dim=2).mean(0).flip(0).tolist(), rel=1e-5)


def test_a_corpus_without_pairs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="missing or without pairs"):
        required_pairs(tmp_path)
    (tmp_path / "pairs.tsv").write_text("distance\tprefix\tgood\tbad\n")
    with pytest.raises(RnnpipeError, match="missing or without pairs"):
        required_pairs(tmp_path)
