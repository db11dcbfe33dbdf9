"""The model that answers, opened and named on standard error."""

import os
from collections.abc import Sequence

import torch
import typer

from rnnpipe.cli.texts.choice import find_model
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedModel, open_model


def open_named(tasks: Sequence[str], named: str | None) -> TrainedModel:
    """Open the model that `--model` names (see `find_model`), say which it is, and refuse one of another task."""
    directory = find_model(tasks, named)
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)  # a step of a recurrent network is small: threads wait longer for each other than they work
    trained = open_model(directory)
    task = trained.config["task"]
    if task not in tasks:
        raise RnnpipeError(f"{directory}: a model for {task}, not for {tasks[0]}; name another one with --model")
    case = "does not matter" if trained.lowercase else "matters"
    typer.echo(
        f"model: {os.path.relpath(directory)} (corpus {trained.config['parameters'].get('corpus')}; case {case})", err=True
    )
    return trained
