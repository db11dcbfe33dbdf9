"""Checksums of what the pipeline keeps: the models' directories and DVC's cache, which DVC itself never checks."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Any

from ruamel.yaml import YAML

from rnnpipe.common.files import SUMS, faults


def damages() -> list[str]:
    """Return a line for each damaged file of the project in the working directory: what it is, and the cure."""
    from dvc.repo import Repo

    with Repo(".") as repository:
        cache = Path(repository.cache.local.path)
    # A model may be a hard link to its object in the cache, so the cache is mended first.
    return [*damaged_objects(cache, Path("dvc.lock")), *damaged_models(Path("models"))]


def damaged_models(models: Path) -> Iterator[str]:
    """Yield a line for each file under `models` that is missing or differs from the SHA256SUMS beside it, with the cure."""
    for sums in sorted(models.rglob(SUMS)):
        for path, fault in faults(sums.parent):
            folder = quote(str(sums.parent))
            yield f"{path}: {fault}; `rm -r {folder} && dvc checkout {folder}` restores it"


def damaged_objects(cache: Path, lock: Path) -> Iterator[str]:
    """Yield a line for each object in DVC's cache whose content is not what its name says, with the cure.

    Parameters
    ----------
    cache : Path
        Folder of folders named by two digits of the md5, such as `.dvc/cache/files/md5`.
    lock : Path
        dvc.lock, which tells what an object belongs to.
    """
    owners = _owners(cache, lock)
    for path in sorted(cache.glob("??/*")):
        name = path.parent.name + path.name
        if _md5(path) != name.removesuffix(".dir"):
            owner = owners.get(name)
            if owner:
                yield f"{path}: damaged; it is {owner}: `rm -rf {quote(str(path))} {quote(owner)} && dvc repro` makes it again"
            else:
                yield f"{path}: damaged, and no present output needs it: `rm -f {quote(str(path))}`"


def _owners(cache: Path, lock: Path) -> dict[str, str]:
    """Return object → path in the workspace, of outputs and of the files in directories."""
    if not lock.exists():
        return {}
    stages: dict[str, Any] = YAML(typ="safe").load(lock).get("stages", {})
    outs = [out for stage in stages.values() for out in stage.get("outs", [])]
    owners = {out["md5"]: out["path"] for out in outs if "md5" in out}
    for name, path in list(owners.items()):
        listing = cache / name[:2] / name[2:]
        if name.endswith(".dir") and listing.is_file():
            owners |= {file["md5"]: f"{path}/{file['relpath']}" for file in _listing(listing)}
    return owners


def _listing(path: Path) -> list[dict[str, str]]:
    try:
        files: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return []  # damaged itself, and named as such
    return files


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
