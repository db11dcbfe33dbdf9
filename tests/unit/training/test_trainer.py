import logging
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from rnnpipe.datamodules.language_model import LanguageModelData
from rnnpipe.modules.configuration import network_config
from rnnpipe.modules.language_model import LanguageModelModule
from rnnpipe.modules.sequence import Optimization
from rnnpipe.networks.build import build_network
from small_corpora import small_corpus

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import LanguageModelRun
from rnnpipe.training import History, checkpoint_of, fit

DEFAULTS = {"corpus": "small", "embedding": "random", "hidden": 6, "batch_size": 5, "epochs": 4, "learning_rate": 0.02}


@dataclass
class Training:
    """A tiny language model, ready to be trained."""

    module: LanguageModelModule
    data: LanguageModelData
    run: LanguageModelRun

    def fit(self, checkpoint: Path | None = None, tracker: object = None) -> History:
        return fit(self.module, self.data, self.run, checkpoint, tracker)

    @property
    def weights(self) -> dict[str, torch.Tensor]:
        return self.module.network.state_dict()


def training(folder: Path, seed: int = 1, **fields: object) -> Training:
    run = LanguageModelRun(**{**DEFAULTS, "cell": "gru", **fields})
    corpus = small_corpus(folder / "corpus")
    torch.manual_seed(seed)
    words = len(corpus.vocabulary)
    network = build_network(network_config("language_model", run, words, 6, words))
    data = LanguageModelData(corpus, run.batch_size, seed, run.batching, run.bptt)
    optimization = Optimization.of(run, data.steps_per_epoch)
    return Training(LanguageModelModule(network, optimization, carried=run.batching == "stream"), data, run)


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


class KilledError(Exception):
    """The process ends here."""


def kill_in_epoch(data: LanguageModelData, epoch: int) -> None:
    """Let the second batch of an epoch, counted from 0, never be made."""
    plan = data.train.plan

    def broken(number: int):
        batches = list(plan(number))
        if number != epoch:
            return batches
        return Fuse(batches)

    object.__setattr__(data.train, "plan", broken)


class Fuse(list):
    def __iter__(self):
        yield self[0]
        raise KilledError


@pytest.mark.parametrize("fields", [{"dropout": 0.3, "schedule": "one_cycle"}, {"batching": "stream", "bptt": 4, "dropout": 0.3}])
def test_a_killed_training_goes_on_and_ends_in_the_same_bits(tmp_path: Path, fields: dict[str, object]) -> None:
    straight = training(tmp_path, **fields)
    history = straight.fit()
    checkpoint = tmp_path / "checkpoints" / "x.ckpt"
    killed = training(tmp_path, **fields)
    kill_in_epoch(killed.data, 2)
    with pytest.raises(KilledError):
        killed.fit(checkpoint)
    resumed = training(tmp_path, **fields)
    torch.manual_seed(99)
    assert resumed.fit(checkpoint) == history
    assert [row["epoch"] for row in history] == [1, 2, 3, 4]
    assert equal(straight.weights, resumed.weights)


def test_same_seed_same_weights_other_seed_other_weights(tmp_path: Path) -> None:
    first, second, other = training(tmp_path), training(tmp_path), training(tmp_path, seed=2)
    assert first.fit() == second.fit()
    other.fit()
    assert equal(first.weights, second.weights)
    assert not equal(first.weights, other.weights)


def test_the_best_epoch_is_kept_and_training_stops_when_it_does_not_get_better(tmp_path: Path) -> None:
    overfitting = training(tmp_path, epochs=40, patience=2, learning_rate=0.1)
    history = overfitting.fit()
    losses = [row["val_loss"] for row in history]
    best = losses.index(min(losses))
    assert len(history) == best + 1 + 2 < 40
    until_best = training(tmp_path, epochs=best + 1, learning_rate=0.1)
    until_best.fit()
    assert equal(overfitting.weights, until_best.weights)


def test_a_stopped_training_does_not_go_on(tmp_path: Path) -> None:
    fields = {"epochs": 40, "patience": 1, "learning_rate": 0.1}
    checkpoint = tmp_path / "checkpoints" / "x.ckpt"
    first, again = training(tmp_path, **fields), training(tmp_path, **fields)
    assert first.fit(checkpoint) == again.fit(checkpoint)
    assert equal(first.weights, again.weights)


def test_a_training_that_ended_before_its_model_was_saved_is_not_done_again(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoints" / "x.ckpt"
    first, again = training(tmp_path), training(tmp_path)
    history = first.fit(checkpoint)
    kill_in_epoch(again.data, 0)
    assert again.fit(checkpoint) == history
    assert equal(first.weights, again.weights)


def test_history_and_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[dict[str, float], int]] = []

    class Tracker:
        def log_metrics(self, metrics: dict[str, float], step: int) -> None:
            told.append((metrics, step))

    caplog.set_level(logging.INFO)
    history = training(tmp_path).fit(tracker=Tracker())
    assert list(history[0]) == ["epoch", "step", "train_loss", "val_loss", "train_perplexity", "val_perplexity"]
    assert [row["step"] for row in history] == [5, 10, 15, 20]
    assert [(metrics["val_loss"], step) for metrics, step in told] == [(row["val_loss"], row["step"]) for row in history]
    assert told[0][0]["tokens_per_second"] > 0
    assert len(caplog.messages) == 4
    assert caplog.messages[0].startswith("epoch 1 of 4  train_loss ")


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    hopeless = training(tmp_path, cell="rnn", learning_rate=0.01)
    with torch.no_grad():
        hopeless.module.network.output.bias.fill_(float("nan"))
    with pytest.raises(RnnpipeError, match=r"step 5: the loss is nan; .* learning_rate below 0.01"):
        hopeless.fit()


def test_a_checkpoint_of_anything_else_is_not_found(tmp_path: Path) -> None:
    first, other = training(tmp_path), training(tmp_path, hidden=7)
    inputs = [tmp_path / "corpus"]
    file = checkpoint_of("language_model", "tiny", first.run, 1, inputs)
    assert file.parent == Path("checkpoints/language_model/tiny")
    assert checkpoint_of("language_model", "tiny", training(tmp_path).run, 1, inputs) == file
    assert checkpoint_of("language_model", "tiny", other.run, 1, inputs) != file
    assert checkpoint_of("language_model", "tiny", first.run, 2, inputs) != file
    (tmp_path / "corpus" / "tokenizer.json").write_text("[]")
    assert checkpoint_of("language_model", "tiny", first.run, 1, inputs) != file


def test_slurm_variables_do_not_make_it_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slurm = {"NTASKS": "2", "JOB_NAME": "train", "JOB_ID": "1", "PROCID": "0", "NODEID": "0", "NODELIST": "n[1-2]"}
    for name, value in slurm.items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    assert len(training(tmp_path).fit()) == 4


def test_a_terminated_training_does_not_end_as_if_all_were_well(tmp_path: Path) -> None:
    stopped = training(tmp_path, epochs=50)

    class Tracker:
        def log_metrics(self, metrics: dict[str, float], step: int) -> None:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as exit_:
        stopped.fit(tracker=Tracker())
    assert exit_.value.code == 128 + signal.SIGTERM
