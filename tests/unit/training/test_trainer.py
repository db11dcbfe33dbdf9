import logging
import signal
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from killing import KilledError, kill_after, killed
from small_corpora import small_corpus
from small_runs import CELL_NAMES, KINDS, TASKS, small_model, small_run

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.models.history import History
from rnnpipe.models.model import Model
from rnnpipe.params import Run
from rnnpipe.tasks.task import Task, task_named
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.training.trainer import fit
from rnnpipe.verification.gradients import gradient_norms

SLURM = {"NTASKS": "2", "JOB_NAME": "train", "JOB_ID": "1", "PROCID": "1", "NODEID": "0", "NODELIST": "n[1-2]", "LOCALID": "1"}


@dataclass
class Training:
    """A tiny model, ready to be trained."""

    task: Task
    run: Run
    model: Model
    corpus: EncodedCorpus
    seed: int

    def fit(self, checkpoint: Path | None = None, tracker: Any = None) -> History:
        return fit(self.task, self.run, self.model, self.corpus, self.seed, checkpoint, tracker)

    @property
    def weights(self) -> dict[str, torch.Tensor]:
        return self.model.state_dict()


def training(folder: Path, task: str = "language_model", seed: int = 1, documents: int = 24, **fields: Any) -> Training:
    corpus = small_corpus(folder / task, KINDS[task], train=documents)
    run = small_run(task, **fields)
    return Training(task_named(task), run, small_model(run, corpus, task, seed)[0], corpus, seed)


@dataclass
class Told:
    """A tracker that keeps what it is told."""

    metrics: list[tuple[dict[str, float], int]] = field(default_factory=list)

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:
        self.metrics.append((metrics, step))


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


def test_same_seed_same_weights_other_seed_other_weights(tmp_path: Path) -> None:
    first, second, other = training(tmp_path), training(tmp_path), training(tmp_path, seed=2)
    assert first.fit() == second.fit()
    other.fit()
    assert equal(first.weights, second.weights)
    assert not equal(first.weights, other.weights)


@pytest.mark.parametrize(
    ("task", "scores"),
    [("language_model", ["perplexity"]), ("sentiment", ["accuracy", "macro_f1"]), ("ner", ["accuracy", "f1"])],
)
def test_history_and_log(tmp_path: Path, caplog: pytest.LogCaptureFixture, task: str, scores: list[str]) -> None:
    told = Told()
    caplog.set_level(logging.INFO)
    history = training(tmp_path, task).fit(tracker=told)
    losses = ["train_loss", "validation_loss"]
    assert list(history[0]) == [
        "epoch",
        "step",
        *losses,
        *(f"{part}_{name}" for part in ("train", "validation") for name in scores),
    ]
    assert [row["step"] for row in history] == [5, 10, 15, 20]
    assert [(metrics["validation_loss"], step) for metrics, step in told.metrics] == [
        (row["validation_loss"], row["step"]) for row in history
    ]
    assert told.metrics[0][0]["tokens_per_second"] > 0
    assert len(caplog.messages) == 4
    assert caplog.messages[0].startswith("epoch 1 of 4  train_loss ")
    assert caplog.messages[0].endswith("tokens/s  kept")


def test_the_history_s_scores_are_those_of_the_best_weights(tmp_path: Path) -> None:
    """What the history says of the kept epoch is what the model says that training left."""
    trained = training(tmp_path, "ner")
    history = trained.fit()
    split, model = trained.corpus.split("valid"), trained.model.eval()
    total = correct = 0
    for index in range(len(split)):
        ids = torch.from_numpy(split.document(index).astype("int64"))[None]
        lengths = torch.tensor([ids.shape[1]])
        found = model.head.decode(model(ids, lengths)[0], lengths)[0]
        total, correct = total + len(found), correct + int((found.numpy() == split.document_tags(index)).sum())
    kept = max(history, key=lambda row: (row["validation_f1"], -row["validation_loss"]))
    assert kept["validation_accuracy"] == pytest.approx(100 * correct / total, rel=1e-5)


def test_the_best_epoch_is_kept_and_training_stops_when_it_does_not_get_better(tmp_path: Path) -> None:
    fast = {"optimizer": {"learning_rate": 0.1}}
    overfitting = training(tmp_path, trainer={"epochs": 40, "patience": 2}, **fast)
    history = overfitting.fit()
    losses = [row["validation_perplexity"] for row in history]
    best = losses.index(min(losses))
    assert len(history) == best + 1 + 2 < 40
    until_best = training(tmp_path, trainer={"epochs": best + 1}, **fast)
    until_best.fit()
    assert equal(overfitting.weights, until_best.weights)


def test_torch_is_set_up_for_the_training_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the threads of its run, and without NaN in new memory."""
    taken: list[tuple[int, bool]] = []
    before = torch.get_num_threads()
    trained = training(tmp_path, trainer={"epochs": 1, "threads": before + 1})
    forward = trained.model.head.loss

    def loss(*given: torch.Tensor) -> torch.Tensor:
        taken.append((torch.get_num_threads(), torch.utils.deterministic.fill_uninitialized_memory))
        return forward(*given)

    monkeypatch.setattr(trained.model.head, "loss", loss)
    trained.fit()
    assert set(taken) == {(before + 1, False)}
    assert (torch.get_num_threads(), torch.utils.deterministic.fill_uninitialized_memory) == (before, True)


# What follows is interrupted.
ALWAYS = {"checkpoint_minutes": 1e-9}
"""A checkpoint before every step."""
DROPPED = {"cell": "gru", "dropout": 0.3, "embedding_dropout": 0.2}
LEADING: dict[str, Any] = {
    "network": {
        "cell": "lstm",
        "layers": 3,
        "hidden": [7, 8, 6],
        "tied": True,
        "variational": True,
        "embedding_dropout": 0.1,
        "input_dropout": 0.3,
        "weight_dropout": 0.5,
        "layer_dropout": 0.2,
        "dropout": 0.4,
    },
    "optimizer": {"kind": "sgd", "learning_rate": 2.0, "clip": 0.25, "weight_decay": 1.2e-6, "average_from": 0.4},
    "batching": "stream",
    "bptt": 4,
    "bptt_spread": 1.0,
    "activation_regularisation": 2.0,
    "temporal_regularisation": 1.0,
}
INTERRUPTED: dict[str, tuple[str, dict[str, Any]]] = {
    "sentences, one cycle": ("language_model", {"network": DROPPED, "optimizer": {"schedule": "one_cycle"}}),
    "stream": ("language_model", {"network": {**DROPPED, "cell": "lstm"}, "batching": "stream", "bptt": 4}),
    "negative sampling": ("language_model", {"network": {**DROPPED, "head": "negative_sampling"}}),
    "leading recipe": ("language_model", LEADING),
    "average of one cycle": (
        "language_model",
        {"network": DROPPED, "optimizer": {"schedule": "one_cycle", "average_from": 0.5}},
    ),
    "sentiment, clipped": ("sentiment", {"network": DROPPED, "optimizer": {"clip": 0.1, "weight_decay": 0.1}}),
    "ner, both ways": ("ner", {"network": {**DROPPED, "bidirectional": True}}),
    "patience": ("ner", {"network": DROPPED, "optimizer": {"learning_rate": 0.1}, "trainer": {"epochs": 5, "patience": 1}}),
}
interrupted = pytest.mark.parametrize("name", INTERRUPTED)


def interruptible(folder: Path, name: str) -> Training:
    task, fields = INTERRUPTED[name]
    return training(folder, task, documents=14, **{**fields, "trainer": {"epochs": 3, **ALWAYS, **fields.get("trainer", {})}})


@interrupted
def test_killed_at_every_batch_a_training_ends_in_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Each life makes two batches: it redoes the one that was lost with the life before, and is killed behind the next."""
    straight = interruptible(tmp_path, name)
    history = straight.fit()
    checkpoint = tmp_path / "x.ckpt"
    kill_after(monkeypatch, 2)
    for lives in range(1, 100):
        torch.manual_seed(lives)
        resumed = interruptible(tmp_path, name)
        try:
            found = resumed.fit(checkpoint)
            break
        except KilledError:
            continue
    steps = int(history[-1]["step"])
    assert steps - len(history) - 1 <= lives <= steps + 1, "it was killed at almost every batch"
    assert found == history
    assert equal(straight.weights, resumed.weights)


@pytest.mark.parametrize("name", ["stream", "leading recipe", "ner, both ways"])
def test_a_process_that_was_killed_is_taken_over_to_the_bit(tmp_path: Path, name: str) -> None:
    straight = interruptible(tmp_path, name)
    history = straight.fit()
    killed(lambda: interruptible(tmp_path, name).fit(tmp_path / "x.ckpt"), batches=5)
    assert torch.load(tmp_path / "x.ckpt")["global_step"] == 4, "in the middle of an epoch"
    resumed = interruptible(tmp_path, name)
    assert resumed.fit(tmp_path / "x.ckpt") == history
    assert equal(straight.weights, resumed.weights)


@pytest.mark.parametrize("name", ["stream", "leading recipe", "patience"])
@pytest.mark.parametrize("validation", [0, 3])
def test_killed_while_it_validates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, validation: int) -> None:
    straight = interruptible(tmp_path, name)
    history = straight.fit()
    kill_after(monkeypatch, None, validation)
    with pytest.raises(KilledError):
        interruptible(tmp_path, name).fit(tmp_path / "x.ckpt")
    kill_after(monkeypatch, None)
    resumed = interruptible(tmp_path, name)
    assert resumed.fit(tmp_path / "x.ckpt") == history
    assert equal(straight.weights, resumed.weights)


def test_killed_in_an_epoch_it_goes_on_from_the_epoch_s_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: where no checkpoint was due within the epoch, the one of the epoch before is gone on from."""
    fields = {"network": DROPPED, "batching": "stream", "bptt": 4}
    straight, checkpoint = training(tmp_path, **fields), tmp_path / "x.ckpt"
    history = straight.fit()
    kill_after(monkeypatch, 2 * int(history[0]["step"]) + 2)
    with pytest.raises(KilledError):
        training(tmp_path, **fields).fit(checkpoint)
    assert torch.load(checkpoint)["global_step"] == history[1]["step"]
    kill_after(monkeypatch, None)
    resumed = training(tmp_path, **fields)
    assert resumed.fit(checkpoint) == history
    assert equal(straight.weights, resumed.weights)


def test_how_often_a_checkpoint_is_written_changes_nothing(tmp_path: Path) -> None:
    often, never = (
        training(tmp_path, network=DROPPED, trainer={"epochs": 2, **ALWAYS}),
        training(tmp_path, network=DROPPED, trainer={"epochs": 2}),
    )
    assert often.fit(tmp_path / "x.ckpt") == never.fit()
    assert equal(often.weights, never.weights)


def test_a_stopped_training_does_not_go_on(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"trainer": {"epochs": 40, "patience": 1}, "optimizer": {"learning_rate": 0.1}}
    first, again = training(tmp_path, **fields), training(tmp_path, **fields)
    assert first.fit(tmp_path / "x.ckpt") == again.fit(tmp_path / "x.ckpt")
    assert equal(first.weights, again.weights)


def test_a_training_that_ended_before_its_model_was_saved_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = training(tmp_path), training(tmp_path)
    history = first.fit(tmp_path / "x.ckpt")
    kill_after(monkeypatch, 0)
    assert again.fit(tmp_path / "x.ckpt") == history
    assert equal(first.weights, again.weights)


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    hopeless = training(tmp_path, optimizer={"learning_rate": 0.01})
    with torch.no_grad():
        hopeless.model.head.theta.bias.fill_(float("nan"))
    with pytest.raises(RnnpipeError, match=r"step 5: the loss is nan; .* optimizer.learning_rate below 0.01"):
        hopeless.fit()


@pytest.mark.parametrize("task", TASKS)
def test_a_model_in_evaluation_mode_is_trained_all_the_same(tmp_path: Path, task: str) -> None:
    """Whoever measured gradients before: dropout is active, and the result is the same."""
    straight, measured = (training(tmp_path, task, network=DROPPED, trainer={"epochs": 1}) for _ in range(2))
    without = training(tmp_path, task, network={**DROPPED, "dropout": 0.0, "embedding_dropout": 0.0}, trainer={"epochs": 1})
    gradient_norms(measured.model.encoder.recurrent, torch.randn(2, 4, 6), [0, 3])
    measured.model.eval()
    measured.fit()
    straight.fit()
    without.fit()
    assert equal(straight.weights, measured.weights)
    assert not equal(straight.weights, without.weights)


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_bfloat16_trains(tmp_path: Path, cell: str) -> None:
    network = {"cell": cell, "layers": 2, "hidden": 64}  # oneDNN leaves the smallest products in float32
    mixed = training(tmp_path, network=network, trainer={"precision": "bf16-mixed"}, batching="stream")
    full = training(tmp_path, network=network, batching="stream")
    found, expected = ([row["train_loss"] for row in one.fit()] for one in (mixed, full))
    assert found[-1] < found[0]
    assert found == pytest.approx(expected, rel=0.02)
    assert found != expected
    assert {weight.dtype for weight in mixed.weights.values()} == {torch.float32}


def test_slurm_s_variables_alone_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SLURM.items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    assert len(training(tmp_path).fit()) == 4


def test_a_terminated_training_does_not_end_as_if_all_were_well(tmp_path: Path) -> None:
    stopped = training(tmp_path, trainer={"epochs": 50})

    class Tracker:
        def log_metrics(self, metrics: dict[str, float], step: int) -> None:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as exit_:
        stopped.fit(tracker=Tracker())
    assert exit_.value.code == 128 + signal.SIGTERM


def test_messages_that_nobody_muted_are_heard(tmp_path: Path) -> None:
    """Lightning's advice is muted message by message, and nothing else: not even in the same category."""

    class Tracker:
        def log_metrics(self, metrics: dict[str, float], step: int) -> None:
            warnings.warn("the network is in eval mode", UserWarning, stacklevel=1)

    with pytest.warns(UserWarning, match="the network is in eval mode") as heard:
        training(tmp_path, trainer={"epochs": 1}).fit(tracker=Tracker())
    assert len(heard) == 1


def test_lightning_s_own_warning_of_modes_would_be_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is left in evaluation mode is what was muted once."""
    monkeypatch.setattr(Model, "train", lambda self, mode=True: self)
    broken = training(tmp_path, trainer={"epochs": 1})
    for module in broken.model.modules():
        module.training = False
    with pytest.warns(UserWarning, match="eval mode"):
        broken.fit()
