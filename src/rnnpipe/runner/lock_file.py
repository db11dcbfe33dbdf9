"""dvc.lock, mended where DVC was killed while it wrote it: DVC writes it in place."""

import re
from pathlib import Path

from rnnpipe.common.files import atomic_file
from rnnpipe.runner.project import dvc_repository


def mend_lock_file(path: Path = Path("dvc.lock")) -> None:
    """Take the unfinished entry off the end of a dvc.lock that breaks off; remove one that has no whole entry.

    DVC would refuse it, or read what is left of a sum as the sum. The entries that are missing then are in DVC's cache of runs,
    and come back when their stages are asked for. All stages have outputs, which stand last.
    """
    if not path.exists() or _is_whole(_parts(path)):
        return
    with dvc_repository() as repository, repository.lock:  # nobody writes it now
        parts = _parts(path)
        if _is_whole(parts):
            return
        if len(parts) < 3:
            path.unlink()
            return
        with atomic_file(path) as temporary:
            temporary.write_text("".join(parts[:-1]), encoding="utf-8", newline="\n")


def _parts(path: Path) -> list[str]:
    """Return what stands before the first entry, and each entry."""
    return re.split(r"^(?=  \S)", path.read_text(encoding="utf-8", errors="replace"), flags=re.MULTILINE)


def _is_whole(parts: list[str]) -> bool:
    return parts[-1].endswith("\n") and "\n    outs:\n" in parts[-1]
