"""Stage share_corpus: the raw files of one corpus under the name of another, so that they are cut into words in two ways."""

import os
import shutil
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory


def main(raw: Path, out: Path) -> None:
    """Fill folder `out` with the files of folder `raw`: as hard links, which take no room, where the file system has them."""
    if not raw.is_dir():
        raise RnnpipeError(f"{raw}: no such folder; put the corpus' files there and run `dvc add {raw}`")
    with atomic_directory(out) as folder:
        shutil.copytree(raw, folder, copy_function=_link_or_copy, dirs_exist_ok=True)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(os.path.realpath(source), target)
    except OSError:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    run_stage(main)
