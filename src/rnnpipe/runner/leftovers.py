"""What stages left that dvc.yaml no longer has: runs of other parameters, in folders that some stage reads as a whole.

`write_report` depends on all of `models/`, so a model of the preset before would be one of its inputs. DVC leaves such outputs
where they are. They are taken away where they can be had again, and told where they cannot.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnnpipe.common.git import committed
from rnnpipe.runner.project import dvc_repository

logger = logging.getLogger(__name__)


def remove_leftovers() -> list[Path]:
    """Remove the leftovers of the project in the working directory that DVC's cache or git's last commit still holds.

    What differs from what its stage made is left alone, with a line in the log that says so.

    Returns
    -------
    list of Path
        What was removed, relative to the working directory.
    """
    removed = []
    with dvc_repository() as repository:
        folders = _folders_read_as_a_whole(repository)
        for out in _outs_of_former_stages(repository):
            path = Path(out.def_path)
            folder = next((folder for folder in folders if folder in path.parents), None)
            if folder is None or not path.exists():
                continue
            if not _kept_elsewhere(out, path):
                logger.warning("%s: left by the former stage %s, and changed since; remove it or move it", path, out.stage.name)
                continue
            _remove(path, folder)
            removed.append(path)
    return removed


def _folders_read_as_a_whole(repository: Any) -> list[Path]:
    """Return the inputs that are folders which several stages write into: no stage has declared them as an output."""
    stages = repository.index.stages
    made = {out.def_path for stage in stages for out in stage.outs}
    read = {dependency.def_path for stage in stages for dependency in stage.deps}
    return sorted(path for path in map(Path, read - made) if path.is_dir() and not {str(above) for above in path.parents} & made)


def _outs_of_former_stages(repository: Any) -> Iterator[Any]:
    """Yield DVC's outputs of the stages that dvc.lock knows and dvc.yaml does not, unless another stage makes them now."""
    from dvc.dvcfile import load_file
    from dvc.stage.loader import StageLoader

    stages = repository.index.stages
    names = {stage.addressing for stage in stages}
    made = {out.def_path for stage in stages for out in stage.outs}
    file = load_file(repository, "dvc.yaml")
    for name, lock in file.lockfile_contents.get("stages", {}).items():
        outs = [out["path"] for out in lock.get("outs", []) if out["path"] not in made]
        if name not in names and outs:
            yield from StageLoader.load_stage(file, name, {"cmd": lock["cmd"], "outs": outs}, lock).outs


def _kept_elsewhere(out: Any, path: Path) -> bool:
    """Whether an output is as its stage made it, and can be restored."""
    if path.is_file() and committed(path) == path.read_bytes():
        return True
    return not out.status()


def _remove(path: Path, folder: Path) -> None:
    """Remove an output, and the folders around it that are empty then, up to `folder`."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    for above in path.parents:
        if above == folder or any(above.iterdir()):
            return
        above.rmdir()
