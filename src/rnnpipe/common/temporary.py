"""Where unfinished files lie: where no stage reads them, and where a later run finds and removes what a killed one left.

In a DVC project that is `tmp/` at its root, which git and DVC pass over; elsewhere, or where the target lies on another
disk, it is beside the target. Each piece of work has a folder of its own, named after the process that owns it.
"""

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = "tmp"
NEW, OLD, TARGET = "new", "old", "target"
"""In a work folder: what is being made, what it is about to replace, and a file that says where they belong."""


@contextlib.contextmanager
def work_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder on the disk of `target`, whose parent exists; at the end it is removed."""
    folder = Path(tempfile.mkdtemp(prefix=f".{_owner()}-", dir=_place(target)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def replace_directory(new: Path, target: Path, work: Path) -> None:
    """Put the directory `new`, which lies in the folder `work`, in the place of `target`.

    The old one is moved aside and not removed before the new one is in place: killed at any point, one of them is there, and
    `sweep` puts back what was moved aside.
    """
    if target.exists():
        (work / TARGET).write_text(str(target.absolute()), encoding="utf-8")
        target.rename(work / OLD)
    new.rename(target)


def sweep(root: Path) -> None:
    """Remove what processes of this machine that are no more left in the project `root`.

    Parameters
    ----------
    root : Path
        Folder that holds `tmp/`; nothing is done where it does not.
    """
    for work in sorted((root / FOLDER).glob(f".{socket.gethostname()}-*")):
        if _is_alive(int(work.name.split("-")[-2])):
            continue
        if (work / OLD).exists():
            target = Path((work / TARGET).read_text(encoding="utf-8"))
            if not target.exists():
                (work / OLD).rename(target)
        shutil.rmtree(work, ignore_errors=True)


def _owner() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


def _place(target: Path) -> Path:
    """Return the folder for unfinished files of a target."""
    beside = target.absolute().parent
    root = next((folder for folder in (beside, *beside.parents) if (folder / ".dvc").is_dir()), None)
    if root is None or root.stat().st_dev != beside.stat().st_dev:
        return beside
    (root / FOLDER).mkdir(exist_ok=True)
    return root / FOLDER


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
