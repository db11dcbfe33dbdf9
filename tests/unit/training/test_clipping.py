import math
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from small_corpora import small_corpus

from rnnpipe.common.files import write_json
from rnnpipe.params import ClippingSettings
from rnnpipe.training.clipping import ClippingStep, clipping_metrics, train_both
from rnnpipe.training.optimizers import clip_gradients


def settings(**changes: object) -> ClippingSettings:
    values = {
        "corpus": "small",
        "embedding": "random",
        "network": {"cell": "rnn", "hidden": 6},
        "optimizer": {"learning_rate": 0.1, "clip": 0.01},
        "steps": 9,
        "batch_size": 5,
        "seeds": (1, 2),
    }
    return ClippingSettings.model_validate({**values, **changes})


def trained(folder: Path, seed: int = 1, **changes: object) -> list[ClippingStep]:
    folder.mkdir(exist_ok=True)
    write_json(folder / "config.json", {"kind": "random", "dimension": 6})
    return list(train_both(settings(**changes), small_corpus(folder / "corpus"), folder, seed))


def test_both_sweeps_take_the_same_steps_up_to_the_first_that_is_clipped(tmp_path: Path) -> None:
    steps = trained(tmp_path / "a")
    assert [(step.seed, step.clip, step.step) for step in steps] == [
        (seed, clip, number) for seed in (1, 2) for clip in (0.01, None) for number in range(1, 10)
    ]
    first = [step for step in steps if step.step == 1]
    assert first[0].loss == first[1].loss and first[0].norm == first[1].norm > 0.01
    assert first[0].loss != first[2].loss, "another seed has other weights"
    assert steps == trained(tmp_path / "b")
    assert steps != trained(tmp_path / "c", seed=2)


def test_a_bound_that_no_gradient_reaches_changes_nothing(tmp_path: Path) -> None:
    steps = trained(tmp_path / "a", optimizer={"learning_rate": 0.1, "clip": 900.0}, seeds=(1,))
    assert [(step.loss, step.norm) for step in steps[:9]] == [(step.loss, step.norm) for step in steps[9:]]


def test_a_training_ends_at_the_step_whose_loss_is_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([1.0, 1.0, math.nan, 1.0, 1.0, 1.0])
    monkeypatch.setattr(
        "rnnpipe.heads.softmax.Softmax.loss", lambda head, states, targets: states.sum() * 0 + next(losses), raising=False
    )
    steps = trained(tmp_path / "a", steps=3, seeds=(1,))
    assert [(step.clip is None, step.step, math.isnan(step.loss)) for step in steps] == [
        (False, 1, False), (False, 2, False), (False, 3, True), (True, 1, False), (True, 2, False), (True, 3, False)
    ]  # fmt: skip


def test_norms_are_those_of_the_whole_gradient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    original = clip_gradients

    def spied(weights: list[torch.Tensor], bound: float) -> torch.Tensor:
        seen.append(math.sqrt(sum(float((weight.grad**2).sum()) for weight in weights if weight.grad is not None)))
        return original(weights, bound)

    monkeypatch.setattr("rnnpipe.training.clipping.clip_gradients", spied)
    steps = trained(tmp_path / "a", seeds=(1,))
    assert [step.norm for step in steps] == pytest.approx(seen, rel=1e-5)


def test_metrics_by_hand() -> None:
    steps = [ClippingStep(1, 0.5, step, float(step), 2.0 * step) for step in range(1, 13)]
    steps += [ClippingStep(1, None, 1, 3.0, 7.0), ClippingStep(1, None, 2, math.inf, math.nan)]
    steps += [ClippingStep(2, 0.5, 1, 4.0, 30.0), ClippingStep(2, None, 1, 6.0, 8.0)]
    assert clipping_metrics(steps) == {
        "clipped": {"largest_norm": 30.0, "diverged": 0, "loss": {"1": 7.5, "2": 4.0}},
        "unclipped": {"largest_norm": 8.0, "diverged": 1, "loss": {"2": 6.0}},
    }


def test_a_sweep_needs_a_bound() -> None:
    with pytest.raises(ValidationError, match=r"optimizer\.clip: is the bound of the sweep that is clipped"):
        settings(optimizer={"learning_rate": 0.1, "clip": None})
