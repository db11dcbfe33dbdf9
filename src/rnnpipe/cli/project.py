"""Whether the working directory is a project."""

from pathlib import Path

from rnnpipe.common.errors import RnnpipeError

FILES = ("params.yaml", "dvc.yaml", ".dvc")


def require_project() -> None:
    """Refuse to work outside a project's folder, before anything is created there."""
    for name in FILES:
        if not Path(name).exists():
            raise RnnpipeError(f"{name}: no such file; go to the folder of a project, where `make run` works")
