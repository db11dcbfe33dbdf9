"""dvc.lock, entry by entry, and mended where DVC was killed while it wrote it: DVC writes it in place, and as a whole."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnpipe.common.files import atomic_file
from rnnpipe.runner.project import dvc_repository

HEAD = "schema: '2.0'\nstages:\n"
ENTRY = re.compile(r"^(?=  [^\s:])", re.MULTILINE)
"""Where an entry begins. A name of more than 128 characters stands behind a question mark, its value behind a colon."""


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


def read_entry(stage: str, path: Path = Path("dvc.lock")) -> dict[str, Any]:
    """Return what dvc.lock says of a stage, given by its name; nothing where it does not know it. The caller holds DVC's lock."""
    from dvc.utils.serialize import loads_yaml

    if not path.exists():
        return {}
    _, entries, _ = _divided(path.read_text(encoding="utf-8"))
    first = _first_line(_text(stage, {"cmd": ""}))
    entry = next((entry for entry in entries if _first_line(entry) == first), "")
    return dict(loads_yaml(entry)[stage]) if entry else {}


def write_entry(stage: str, entry: Mapping[str, Any], path: Path = Path("dvc.lock")) -> None:
    """Put an entry into dvc.lock, in the place of the stage's former one or as the last. The caller holds DVC's lock."""
    head, entries, rest = _divided(path.read_text(encoding="utf-8") if path.exists() else "")
    text = _text(stage, entry)
    place = next((row for row, other in enumerate(entries) if _first_line(other) == _first_line(text)), len(entries))
    entries[place : place + 1] = [text]
    with atomic_file(path) as temporary:
        temporary.write_text("".join([head, *entries, rest]), encoding="utf-8", newline="\n")


def _text(stage: str, entry: Mapping[str, Any]) -> str:
    """Return an entry as it stands in dvc.lock."""
    from dvc.utils.serialize import dumps_yaml

    return str(dumps_yaml({"stages": {stage: entry}})).removeprefix("stages:\n")


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _divided(text: str) -> tuple[str, list[str], str]:
    """Return what stands before the entries of a whole dvc.lock, the entries, and what stands behind them."""
    found = re.fullmatch(r"((?:\S.*\n)*?stages:\n)((?: .*\n)*)((?:.*\n)*)", text)
    head, entries, rest = found.groups() if found else (HEAD, "", "")
    return head, re.split(ENTRY, entries)[1:], rest


def _parts(path: Path) -> list[str]:
    """Return what stands before the first entry, and each entry."""
    return re.split(ENTRY, path.read_text(encoding="utf-8", errors="replace"))


def _is_whole(parts: list[str]) -> bool:
    return parts[-1].endswith("\n") and "\n    outs:\n" in parts[-1]
