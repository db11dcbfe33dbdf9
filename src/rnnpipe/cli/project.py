"""Whether the working directory is a project."""

from pathlib import Path

from rnnpipe.common.errors import RnnpipeError

ELSEWHERE = "go to the folder of a project, where `make run` works"
NEEDED = {"dvc.yaml": ELSEWHERE, ".dvc": ELSEWHERE, "params.yaml": "`rnnpipe preset sample` writes one"}
"""What every project has → the cure where it is missing."""


def require_project() -> None:
    """Refuse to work outside a project's folder, before anything is created there."""
    for name, cure in NEEDED.items():
        if not Path(name).exists():
            raise RnnpipeError(f"{name}: no such file; {cure}")
