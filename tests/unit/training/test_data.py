from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from small_corpora import small_corpus
from small_runs import KINDS, TASKS, small_run

from rnnpipe.batches.batch import IGNORED
from rnnpipe.tasks.task import task_named
from rnnpipe.training.data import PlannedDataModule


def data(folder: Path, task: str, processes: int = 1, rank: int = 0, done: int = 0) -> PlannedDataModule:
    made = PlannedDataModule(*task_named(task).batches(small_corpus(folder / task, KINDS[task]), small_run(task), 1))
    progress = SimpleNamespace(current=SimpleNamespace(ready=done))
    loop = SimpleNamespace(epoch_loop=SimpleNamespace(batch_progress=progress))
    made.trainer = SimpleNamespace(global_rank=rank, world_size=processes, fit_loop=loop)  # type: ignore[assignment]
    return made


@pytest.mark.parametrize("task", TASKS)
def test_processes_share_each_batch(tmp_path: Path, task: str) -> None:
    whole = list(data(tmp_path, task).train_dataloader())
    shares = [list(data(tmp_path, task, 2, rank).train_dataloader()) for rank in range(2)]
    for batch, *parts in zip(whole, *shares, strict=True):
        assert [part.total for part in parts] == [batch.total] * 2
        assert sum(int((part.targets != IGNORED).sum()) for part in parts) == batch.total
        assert torch.equal(parts[0].ids, batch.ids[::2])


def test_an_epoch_goes_on_behind_the_batches_that_are_done(tmp_path: Path) -> None:
    made = data(tmp_path, "ner", done=3)
    loader, whole = made.train_dataloader(), data(tmp_path, "ner").train_dataloader()
    assert len(loader) == made.steps_per_epoch == 5
    assert [batch.ids.tolist() for batch in loader] == [batch.ids.tolist() for batch in whole][3:]
    assert len(list(made.val_dataloader())) == len(made.valid.plan(0)), "validation always begins at its first batch"
