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
    if not path.exists() or not _unfinished(path):
        return
    with dvc_repository() as repository, repository.lock:  # nobody writes it now
        lines = _unfinished(path)
        entries = [number for number, line in enumerate(lines) if re.match(r"  \S", line)]
        if lines and len(entries) < 2:
            path.unlink()
        elif lines:
            with atomic_file(path) as temporary:
                temporary.write_text("".join(lines[: entries[-1]]), encoding="utf-8", newline="\n")


def _unfinished(path: Path) -> list[str]:
    """Return the lines of a file whose last entry is not whole; none where it is."""
    text = path.read_text(encoding="utf-8", errors="replace")
    last = re.split(r"^(?=  \S)", text, flags=re.MULTILINE)[-1]
    return [] if text.endswith("\n") and "\n    outs:\n" in last else text.splitlines(keepends=True) or [""]
