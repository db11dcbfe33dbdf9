"""A model directory in the form that MLflow loads and serves."""

import os
from importlib.metadata import version
from pathlib import Path

from rnnpipe.cards import example_text

CODE = Path(__file__).with_name("served_code.py")
REQUIREMENTS = ("mlflow", "numpy", "pydantic", "safetensors", "tokenizers", "torch")
"""What a served model imports beside this package, which no index has: it must be installed where a model is served."""


def save_served_model(folder: Path, task: str, directory: Path, run_id: str | None = None, model_id: str | None = None) -> None:
    """Write a model directory with the code that loads it, a signature, and an example, which is tried. Nothing is pickled.

    Parameters
    ----------
    folder : Path
        Does not exist yet.
    task : str
        What the model was trained for.
    directory : Path
        The model directory, which is copied.
    run_id, model_id : str, optional
        MLflow's names of the run and the model.
    """
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    from mlflow.models import Model
    from mlflow.pyfunc import save_model

    save_model(
        folder,
        python_model=CODE,
        model_config={"task": task},
        artifacts={"model": str(directory)},
        input_example=[example_text(directory)],
        # Given, since MLflow would find them out by running the model in a process of its own.
        pip_requirements=[f"{name}=={version(name).partition('+')[0]}" for name in REQUIREMENTS],
        mlflow_model=Model(run_id=run_id, model_id=model_id),
    )
