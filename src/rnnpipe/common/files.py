"""Files and directories written whole or not at all, and their checksums."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.temporary import NEW, replace_directory, work_folder


@contextlib.contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Yield a temporary path; what is there takes the target's place when the block ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with work_folder(target) as work:
        temporary = work / target.name
        temporary.touch()
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)


@contextlib.contextmanager
def atomic_directory(target: Path) -> Iterator[Path]:
    """Yield a temporary directory; it takes the target's place when the block ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with work_folder(target) as work:
        temporary = work / NEW
        temporary.mkdir()
        yield temporary
        replace_directory(temporary, target, work)


def write_json(path: Path, value: Any) -> None:
    """Write plain data as indented UTF-8 JSON with sorted keys, so that equal values are equal bytes."""
    with atomic_file(path) as temporary:
        text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_json(path: Path) -> Any:
    """Return the value in a JSON file; a missing or damaged file is an `RnnpipeError` that names it."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; run the stage that writes it (dvc repro)") from None
    except ValueError as error:
        raise RnnpipeError(f"{path}: damaged JSON ({error}); run the stage that writes it again") from None


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_tree(path: Path) -> str:
    """Return one sha256 for a file, or for all files of a directory by name and content (caches and dot files apart)."""
    if path.is_file():
        return sha256_of(path)
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        parts = file.relative_to(path).parts
        if file.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            digest.update(f"{'/'.join(parts)}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


SUMS = "SHA256SUMS"
"""File of checksums in a directory, as `sha256sum --check` reads it."""


def write_sums(directory: Path, names: Sequence[str]) -> None:
    """Write the checksums of some files of a directory."""
    lines = "".join(f"{sha256_of(directory / name)}  {name}\n" for name in names)
    (directory / SUMS).write_text(lines, encoding="utf-8", newline="\n")


def read_sums(directory: Path) -> dict[str, str]:
    """Return file → checksum, as a directory's `SHA256SUMS` says; an `RnnpipeError` where there is none."""
    try:
        lines = (directory / SUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise RnnpipeError(f"{directory / SUMS}: no such file; this is not the directory of a trained model") from None
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def faults(directory: Path, names: Iterable[str] | None = None) -> Iterator[tuple[Path, str]]:
    """Yield each file that is missing or differs from `SHA256SUMS`, with what is wrong; `names`, by default all listed there."""
    sums = read_sums(directory)
    for name in names or sums:
        path = directory / name
        if not path.is_file():
            yield path, "no such file"
        elif sha256_of(path) != sums.get(name):
            yield path, f"differs from its checksum in {SUMS}"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
