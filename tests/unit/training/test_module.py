from types import SimpleNamespace
from typing import Any

import pytest
import torch
from small_runs import small_run
from torch import Tensor, nn
from torch.nn import functional

from rnnpipe.batches.batch import IGNORED, Batch, share_of
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.softmax import Softmax
from rnnpipe.models.model import Read
from rnnpipe.tasks.task import task_named
from rnnpipe.training.module import TaskModule


class Fake(nn.Module):
    """Reads as a model does: `forward` returns states and the state to go on from."""

    def read(self, ids: Tensor, lengths: Tensor, state: Any = None, features: Any = None) -> Read:
        states, state = self(ids, lengths, state)
        return Read(states, states, states, state)


class Sums(Fake):
    """Carries the sum of its weighted inputs on, and its states are these sums."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.5))
        self.head = Softmax(1, 2)
        self.seen: list[Tensor] = []

    def forward(self, ids: Tensor, lengths: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        sums = (self.weight * ids).cumsum(1) + (0 if state is None else state[0])
        self.seen.append(sums.detach())
        return sums.unsqueeze(-1), (sums[:, -1:],)


class Table(Fake):
    """A state for each word, whatever stands before it."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table = nn.Embedding(9, 4)
        self.head = Softmax(4, 3)

    def forward(self, ids: Tensor, lengths: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        return self.table(ids[:, 0]), ()


def module(task: str, model: nn.Module, processes: int = 1, **fields: Any) -> TaskModule:
    made = TaskModule(model, task_named(task), small_run(task, **fields), steps_per_epoch=10)
    made._trainer = SimpleNamespace(world_size=processes)
    return made


BATCH = Batch(torch.arange(1, 6)[:, None], torch.ones(5, dtype=torch.int64), torch.tensor([0, 1, 2, IGNORED, 1]), 4)


def test_the_loss_is_the_mean_over_targets() -> None:
    made = module("sentiment", Table())
    scores = made.model.head.theta(made.model(BATCH.ids, BATCH.lengths)[0])
    torch.testing.assert_close(
        made.training_step(BATCH, 0), functional.cross_entropy(scores, BATCH.targets, ignore_index=IGNORED)
    )


@pytest.mark.parametrize("processes", [2, 3, 7])
def test_the_mean_of_the_processes_gradients_is_that_of_one(processes: int) -> None:
    alone = module("sentiment", Table())
    alone.training_step(BATCH, 0).backward()
    together = module("sentiment", Table(), processes)
    sum(together.training_step(share_of(BATCH, rank, processes), 1) / processes for rank in range(processes)).backward()
    torch.testing.assert_close(together.model.table.weight.grad, alone.model.table.weight.grad)


WINDOW = Batch(torch.ones(1, 2, dtype=torch.int64), torch.tensor([2]), torch.zeros(1, 2, dtype=torch.int64), 2)


def test_a_stream_carries_its_state_without_gradient_and_begins_anew_each_epoch() -> None:
    made = module("language_model", Sums(), batching="stream")
    for _ in range(2):
        made.training_step(WINDOW, 1)
    made.validation_step(WINDOW, 0)
    assert [sums.tolist() for sums in made.model.seen] == [[[0.5, 1.0]], [[1.5, 2.0]], [[0.5, 1.0]]]
    assert not any(part.requires_grad for part in made._states["train"])
    made.on_train_epoch_start()
    made.training_step(WINDOW, 1)
    assert made.model.seen[-1].tolist() == [[0.5, 1.0]]
    made.on_validation_epoch_start()
    assert made._states["validation"] is None
    assert made._states["train"] is not None


def test_documents_of_their_own_carry_nothing() -> None:
    made = module("language_model", Sums())
    made.training_step(WINDOW, 1)
    made.training_step(WINDOW, 1)
    assert torch.equal(*made.model.seen)


def test_a_loss_that_is_no_number_is_found_within_ten_steps() -> None:
    made = module("sentiment", Table(), optimizer={"learning_rate": 0.5})
    made.training_step(BATCH, 0)
    with torch.no_grad():
        made.model.head.theta.bias.fill_(float("nan"))
    for step in range(1, 10):
        made.training_step(BATCH, step)
    made._trainer.global_step = 10
    with pytest.raises(RnnpipeError, match=r"the loss is nan; .* optimizer.learning_rate below 0.5"):
        made.training_step(BATCH, 10)


def test_frozen_weights_are_left_alone() -> None:
    model = Table()
    model.table.weight.requires_grad_(False)
    optimizer = module("sentiment", model).configure_optimizers()
    assert [weight.shape for group in optimizer.param_groups for weight in group["params"]] == [(3, 4), (3,)]


def test_one_cycle_rises_to_the_rate_and_falls() -> None:
    settings = {"optimizer": {"learning_rate": 0.01, "schedule": "one_cycle"}, "trainer": {"epochs": 1}}
    made = module("sentiment", Table(), **settings).configure_optimizers()
    optimizer, schedule = made["optimizer"], made["lr_scheduler"]["scheduler"]
    assert made["lr_scheduler"]["interval"] == "step"
    rates = []
    for step in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if step < 9 else None
    assert max(rates) == pytest.approx(0.01)
    assert rates[0] < 0.001 > rates[-1]
