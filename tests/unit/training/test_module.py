import math
from types import SimpleNamespace

import pytest
import torch
from rnnpipe.modules.language_model import LanguageModelModule, detached
from rnnpipe.modules.sentiment import SentimentModule
from rnnpipe.modules.sequence import Optimization
from rnnpipe.text.batches import IGNORED, Batch, share_of
from torch import Tensor, nn
from torch.nn import functional

SETTINGS = Optimization(0.01, 0.0, "constant", 10)


class Sums(nn.Module):
    """Carries the sum of its weighted inputs on, and scores with it."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.5))

    def forward(self, ids: Tensor, lengths: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        sums = (self.weight * ids).cumsum(1) + (0 if state is None else state)
        return torch.stack([sums, -sums], dim=-1), sums[:, -1:]


class Linear(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table = nn.Embedding(9, 3)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        return self.table(ids[:, 0])


def in_training(module, processes: int = 1):
    module._trainer = SimpleNamespace(world_size=processes)
    return module


BATCH = Batch(torch.arange(1, 6)[:, None], torch.ones(5, dtype=torch.int64), torch.tensor([0, 1, 2, IGNORED, 1]), 4)


def test_the_loss_is_the_mean_over_targets() -> None:
    module = in_training(SentimentModule(Linear(), SETTINGS))
    expected = functional.cross_entropy(module.network(BATCH.ids, BATCH.lengths), BATCH.targets, ignore_index=IGNORED)
    torch.testing.assert_close(module.training_step(BATCH, 0), expected)


@pytest.mark.parametrize("processes", [2, 3, 7])
def test_the_mean_of_the_processes_gradients_is_that_of_one(processes: int) -> None:
    alone = in_training(SentimentModule(Linear(), SETTINGS))
    alone.training_step(BATCH, 0).backward()
    together = in_training(SentimentModule(Linear(), SETTINGS), processes)
    sum(together.training_step(share_of(BATCH, rank, processes), 0) / processes for rank in range(processes)).backward()
    torch.testing.assert_close(together.network.table.weight.grad, alone.network.table.weight.grad)


def test_a_stream_carries_its_state_without_gradient_and_begins_anew_each_epoch() -> None:
    module = in_training(LanguageModelModule(Sums(), SETTINGS, carried=True))
    window = Batch(torch.ones(1, 2, dtype=torch.int64), torch.tensor([2]), torch.zeros(1, 2, dtype=torch.int64), 2)
    first = module.logits(window, "train")
    assert module.logits(window, "train")[0, :, 0].tolist() == [1.5, 2.0]
    assert module.logits(window, "val")[0, :, 0].tolist() == [0.5, 1.0]
    assert not module._states["train"].requires_grad
    module.on_train_epoch_start()
    assert torch.equal(module.logits(window, "train"), first)
    module.on_validation_epoch_start()
    assert module._states["val"] is None
    assert module._states["train"] is not None


def test_documents_of_their_own_carry_nothing() -> None:
    module = in_training(LanguageModelModule(Sums(), SETTINGS))
    ids = torch.ones(1, 2, dtype=torch.int64)
    window = Batch(ids, torch.tensor([2]), torch.zeros_like(ids), 2)
    assert torch.equal(module.logits(window, "train"), module.logits(window, "train"))


def test_nested_states_are_detached() -> None:
    tensor = torch.ones(2, requires_grad=True) * 2
    state = detached([(tensor, tensor), None])
    assert isinstance(state, list) and isinstance(state[0], tuple)
    assert not state[0][0].requires_grad
    assert detached(None) is None


def test_perplexity_of_a_uniform_model_is_the_number_of_words() -> None:
    assert LanguageModelModule(Sums(), SETTINGS).scores(math.log(30), 0.0)["perplexity"] == pytest.approx(30)


def test_frozen_weights_are_left_alone() -> None:
    network = Linear()
    network.extra = nn.Parameter(torch.ones(1), requires_grad=False)
    optimizer = SentimentModule(network, SETTINGS).configure_optimizers()
    assert [weight.shape for group in optimizer.param_groups for weight in group["params"]] == [(9, 3)]


def test_one_cycle_rises_to_the_rate_and_falls() -> None:
    settings = Optimization(0.01, 0.0, "one_cycle", 10)
    made = SentimentModule(Linear(), settings).configure_optimizers()
    optimizer, schedule = made["optimizer"], made["lr_scheduler"]["scheduler"]
    rates = []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if len(rates) < 10 else None
    assert max(rates) == pytest.approx(0.01)
    assert rates[0] < 0.001 > rates[-1]
