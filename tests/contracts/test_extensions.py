"""A cell, a head and a task of one's own: each defined here, in as many lines as a user needs, and each is all the way usable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import small_corpus
from small_runs import small_model, small_run
from torch import Tensor

from rnnpipe.batches.batch import Batch, Batches, classification_batch
from rnnpipe.batches.plans import batch_plan, sorted_plan
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation import ner, sentiment
from rnnpipe.evaluation.perplexities import perplexity_metrics, word_scores
from rnnpipe.heads.head import Counts, Head
from rnnpipe.heads.softmax import Softmax
from rnnpipe.inference import TrainedLanguageModel, TrainedModel, class_probabilities, open_model, predicted_tags
from rnnpipe.layers.cells import CELLS, RecurrentCell
from rnnpipe.models.model_directory import save_model
from rnnpipe.params import NerNetwork, network
from rnnpipe.tasks.language_model import LanguageModel
from rnnpipe.tasks.task import TASKS, Task, task_named
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.training.trainer import fit
from rnnpipe.verification.comparisons import measure


class LeakyCell(RecurrentCell, name="leaky"):
    """Half of the state before, half of a new one."""

    gates = 1

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equation of the class."""
        return ((state[0] + torch.addmm(projected, state[0], weights[0]).tanh()) / 2,)


class Distances(Head):
    """The nearer a state is to an output's point, the likelier the output."""

    def __init__(self, inputs: int, outputs: int, counts: Counts | None = None, sharpness: float = 1.0) -> None:
        super().__init__(inputs, outputs, counts)
        self.points = torch.nn.Parameter(torch.randn(outputs, inputs))
        self.sharpness = sharpness

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return -log p of each target."""
        return -self.log_probabilities(states).gather(-1, targets.unsqueeze(-1)).squeeze(-1)

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each output."""
        return (-self.sharpness * (states.unsqueeze(-2) - self.points).square().sum(-1)).log_softmax(-1)


class Lengthy(Task):
    """Tell whether a text has more than four words: labels that no file needs to hold."""

    name = "lengthy"
    network = NerNetwork
    heads = {"softmax": Softmax, "distances": Distances}

    def outputs(self, corpus: EncodedCorpus) -> int:
        """Return 2."""
        return 2

    def batches(self, corpus: EncodedCorpus, run: Any, seed: int) -> tuple[Batches, Batches]:
        """Return the texts; the target of each stands behind its last word."""
        train, valid = corpus.split("train"), corpus.split("valid")
        size = run.trainer.batch_size

        def made(split: Any) -> Any:
            return lambda rows: self._batch(classification_batch(split, rows))

        return (
            Batches(lambda epoch: batch_plan(train.lengths, size, seed, epoch), made(train), len(train.ids)),
            Batches(lambda epoch: sorted_plan(valid.lengths, size), made(valid), len(valid.ids)),
        )

    def counts(self, head: Head, states: Tensor, batch: Batch) -> Tensor:
        """Return how many texts are told correctly, and how many there are."""
        right = (head.decode(states, batch.lengths) == batch.targets) & (batch.targets >= 0)
        return torch.stack([right.sum(), (batch.targets >= 0).sum()])

    def scores(self, loss: float, counts: Sequence[float]) -> dict[str, float]:
        """Return the accuracy in percent."""
        return {"accuracy": 100 * counts[0] / counts[1]}

    @staticmethod
    def _batch(batch: Batch) -> Batch:
        targets = torch.full_like(batch.ids, -100)
        targets[torch.arange(len(targets)), batch.lengths - 1] = (batch.lengths > 4).long()
        return Batch(batch.ids, batch.lengths, targets, len(targets))


# Other tests of this process do not know them.
del CELLS["leaky"]
LENGTHY = TASKS.pop("lengthy")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let params know the cell, and the tasks the head: what a user writes into two lists."""
    monkeypatch.setattr(network, "CELLS", [*network.CELLS, "leaky"])
    monkeypatch.setitem(CELLS, "leaky", LeakyCell)
    monkeypatch.setitem(TASKS, "lengthy", LENGTHY)
    for name in ("language_model", "sentiment", "ner"):
        task = type(task_named(name))
        monkeypatch.setattr(task, "heads", {**task.heads, "distances": Distances})


def trained(
    folder: Path, task: str, kind: str, like: str, **fields: Any
) -> tuple[TrainedModel, EncodedCorpus, list[dict[str, float]]]:
    """Train, save and open a run of a task whose parameters are those of another one."""
    corpus = small_corpus(folder / "corpus", kind, train=60)
    run = small_run(like, **{"trainer": {"epochs": 6}, "optimizer": {"learning_rate": 0.03}, **fields})
    model, sizes = small_model(run, corpus, task)
    history = fit(task_named(task), run, model, corpus, 1)
    (folder / "model").mkdir()
    config = {"task": task, "run": "own", "parameters": run.resolved()}
    save_model(folder / "model", model, config, sizes, corpus, history)
    opened = open_model(folder / "model", "cpu")
    ids, lengths = torch.tensor([[3, 4, 5], [6, 0, 0]]), torch.tensor([3, 1])
    found, expected = (one.head.log_probabilities(one(ids, lengths)[0]) for one in (opened.model, model.eval()))
    assert torch.equal(found, expected)
    assert history[-1]["train_loss"] < history[0]["train_loss"]
    return opened, corpus, history


LEAKY, NEAR = {"cell": "leaky", "hidden": 8}, {"cell": "gru", "head": {"kind": "distances", "sharpness": 0.5}}
both = pytest.mark.parametrize("own", [LEAKY, NEAR, {**LEAKY, "head": "distances"}], ids=["cell", "head", "cell and head"])


@both
def test_a_language_model_of_one_s_own(tmp_path: Path, own: dict[str, Any]) -> None:
    opened, corpus, _ = trained(tmp_path, "language_model", "text", "language_model", network=own)
    assert np.isfinite(TrainedLanguageModel(opened).document_log_probabilities(corpus.split("test"))).all()
    scores = word_scores(TrainedLanguageModel(opened), corpus)
    assert 1 < perplexity_metrics(scores, corpus)["perplexity.test"] < 100


@both
def test_a_classifier_of_one_s_own(tmp_path: Path, own: dict[str, Any]) -> None:
    opened, corpus, _ = trained(tmp_path, "sentiment", "labelled", "sentiment", network={**own, "bidirectional": True})
    assert class_probabilities(opened, corpus.split("test")).sum(axis=1) == pytest.approx(np.ones(8), abs=1e-5)
    assert sentiment.report(opened, corpus, 0).metrics["accuracy.test"] > 50


@both
def test_a_tagger_of_one_s_own(tmp_path: Path, own: dict[str, Any]) -> None:
    opened, corpus, _ = trained(tmp_path, "ner", "columns", "ner", network=own)
    assert len(predicted_tags(opened, corpus.split("test"))) == len(corpus.split("test").ids)
    assert ner.report(opened, corpus, 0).metrics["accuracy.test"] > 40


@pytest.mark.parametrize("own", [{"cell": "lstm"}, {**LEAKY, "head": "distances"}])
def test_a_task_of_one_s_own(tmp_path: Path, own: dict[str, Any]) -> None:
    opened, corpus, history = trained(
        tmp_path, "lengthy", "text", "ner", network=own, trainer={"epochs": 10}, selection="accuracy"
    )
    assert isinstance(opened.task, Lengthy)
    assert history[-1]["validation_accuracy"] > 80
    batch = opened.task.batches(corpus, small_run("ner"), 1)[1].make(np.arange(8))
    decoded = opened.model.head.decode(opened.read(batch), batch.lengths)
    kept = batch.targets >= 0
    right = (decoded[kept] == batch.targets[kept]).float().mean().item()
    best = max(row["validation_accuracy"] for row in history)
    assert 100 * right == pytest.approx(best)


def test_a_task_may_be_another_one_under_a_name_of_its_own(tmp_path: Path) -> None:
    class Stories(LanguageModel):
        name = "stories"

    try:
        opened, corpus, _ = trained(tmp_path, "stories", "text", "language_model")
        assert opened.config["task"] == "stories"
        assert TrainedLanguageModel(opened).log_probability(corpus.split("test")) < 0
    finally:
        del TASKS["stories"]


def test_an_option_that_the_own_head_does_not_have_is_refused() -> None:
    settings = small_run("ner", network={"cell": "gru", "head": {"kind": "distances", "softness": 1}}).network
    with pytest.raises(RnnpipeError, match=r"network.head.softness: no option of .* distances; its options: sharpness"):
        task_named("ner").head_of(settings)


def test_a_cell_without_equations_of_the_lecture_is_not_held_against_them() -> None:
    assert "leaky" not in measure()["cells"]
