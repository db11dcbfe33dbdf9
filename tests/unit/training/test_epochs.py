"""Which epoch is kept, when a training stops, and how fast it says it was."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from small_corpora import small_corpus
from small_runs import small_model, small_run
from torch import nn

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.models.history import History
from rnnpipe.params import Run
from rnnpipe.tasks.ner import NamedEntities
from rnnpipe.tasks.task import TASKS, task_named
from rnnpipe.training.epochs import Epochs
from rnnpipe.training.trainer import fit


def driven(run: Run, *epochs: tuple[float, float]) -> tuple[int, History]:
    """Tell the callback of epochs, (validation loss, F1) each; return the number of the epoch whose weights were kept."""
    callback = Epochs(run, seed=1, tokens=100)
    model = nn.Linear(1, 1, bias=False)
    module = SimpleNamespace(averaging=SimpleNamespace(evaluated=model))
    trainer: Any = SimpleNamespace(should_stop=False, is_global_zero=False, global_step=0)
    for number, (loss, f1) in enumerate(epochs, start=1):
        nn.init.constant_(model.weight, number)
        trainer.callback_metrics = {"validation_f1": torch.tensor(f1), "validation_loss": torch.tensor(loss)}
        callback.on_train_epoch_end(trainer, module)
    return int(callback.best["weight"]), callback.history


LATE = [(0.9, 10.0), (0.5, 20.0), (0.6, 40.0), (0.7, 30.0)]
"""F1 goes on rising after the loss has turned."""


@pytest.mark.parametrize(("selection", "kept"), [("f1", 3), ("loss", 2)])
def test_the_epoch_with_the_best_selected_score_is_kept(selection: str, kept: int) -> None:
    number, history = driven(small_run("ner", selection=selection), *LATE)
    assert number == kept
    assert [row["epoch"] for row in history] == [1, 2, 3, 4]
    assert list(history[0]) == ["epoch", "step", "validation_loss", "validation_f1"]


def test_of_equal_scores_the_lower_loss_is_kept() -> None:
    assert driven(small_run("ner"), (0.9, 40.0), (0.5, 40.0), (0.6, 40.0))[0] == 2
    assert driven(small_run("ner"), (0.5, 40.0), (0.5, 40.0))[0] == 1


def test_what_is_no_number_is_not_kept_but_something_is() -> None:
    assert driven(small_run("ner"), (0.9, float("nan")), (0.5, 10.0))[0] == 2
    assert driven(small_run("ner"), (0.9, float("nan")))[0] == 1


def test_a_selection_that_is_no_score_is_told() -> None:
    run = small_run("sentiment")
    with pytest.raises(RnnpipeError, match="selection: 'accuracy' is no score of this task; it has validation_loss"):
        driven(run, (0.5, 1.0))


class LateTagger(NamedEntities):
    """A tagger whose F1 is what a list says, epoch by epoch of validation."""

    name = "late_tagger"
    f1 = [score for _, score in LATE] + [35.0] * 20

    def scores(self, loss: float, counts: Any) -> dict[str, float]:
        """Return the next score; the training split's are asked for in between."""
        self.asked = getattr(self, "asked", 0) + 1
        return {"accuracy": 50.0, "f1": self.f1[(self.asked - 1) // 2]}


TASKS.pop("late_tagger")  # other tests of this process do not know it


def late(folder: Path, **trainer: Any) -> tuple[History, dict[str, torch.Tensor]]:
    corpus, run = small_corpus(folder, "columns"), small_run("ner", trainer={"epochs": 4, **trainer})
    model, _ = small_model(run, corpus, "ner")
    return fit(LateTagger(), run, model, corpus, 1), model.state_dict()


def test_end_to_end_a_tagger_whose_f1_rises_late_keeps_the_later_epoch(tmp_path: Path) -> None:
    history, kept = late(tmp_path)
    assert [row["validation_f1"] for row in history] == [10.0, 20.0, 40.0, 30.0]
    _, until = late(tmp_path, epochs=3)
    assert all(torch.equal(kept[name], until[name]) for name in kept)


@pytest.mark.parametrize(("patience", "epochs"), [(1, 4), (2, 5), (3, 6)])
def test_patience_follows_the_selection(tmp_path: Path, patience: int, epochs: int) -> None:
    """The best F1 is that of the third epoch: so many more are waited for."""
    history, _ = late(tmp_path, epochs=20, patience=patience)
    assert len(history) == epochs


@pytest.mark.parametrize("task", ["language_model", "sentiment"])
def test_tokens_per_second_are_words_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str) -> None:
    """With a clock that moves on by a second whenever it is read, the speed is the number of words of the epoch."""
    more: dict[str, Any] = {"max_length": 3} if task == "sentiment" else {}
    corpus, run = small_corpus(tmp_path, "labelled"), small_run(task, trainer={"epochs": 2}, **more)
    ticks = iter(range(1, 10**6))
    monkeypatch.setattr("rnnpipe.training.epochs.time.perf_counter", lambda: float(next(ticks)))
    told: list[float] = []
    tracker: Any = SimpleNamespace(log_metrics=lambda metrics, step: told.append(metrics["tokens_per_second"]))
    fit(task_named(task), run, small_model(run, corpus, task)[0], corpus, 1, tracker=tracker)
    lengths = corpus.split("train").lengths
    assert told == [lengths.clip(max=3).sum() if more else (lengths + 1).sum()] * 2
