"""What a run needs, looked at: versions, machine, MLflow, DVC, git."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.git import head
from rnnpipe.common.gpus import visible_gpus

GIB = 1024**3
LEAST_DISK = 0.2
"""GiB below which no run is begun."""
ENOUGH_DISK, ENOUGH_MEMORY = 5, 3
"""GiB of the sample preset with its installation, and of a stage of it on each of two cores."""
LOCK = Path("requirements.lock")
NEEDED = ("torch", "pytorch-lightning", "dvc", "snakemake", "mlflow", "gensim", "tokenizers", "numba", "pyarrow", "pydantic")
"""Without one of these no run comes to its end."""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at and found, and if it is not well a cure."""

    what: str
    found: str
    cure: str = ""
    """Empty: all is well."""
    stops: bool = False
    """Whether no run is possible."""

    @property
    def mark(self) -> str:
        """`ok`, `warn` or `error`."""
        return "error" if self.stops else "warn" if self.cure else "ok"


def show(found: Iterator[Finding]) -> bool:
    """Print each finding as soon as it is there; return whether a run is possible."""
    possible = True
    for one in found:
        typer.echo(f"{one.mark:<6}{one.what:<10}{one.found}" + (f"\n{'':<16}{one.cure}" if one.cure else ""))
        possible = possible and not one.stops
    return possible


def findings() -> Iterator[Finding]:
    """Yield what is found, the quick things first."""
    yield Finding("rnnpipe", version("rnnpipe"))
    yield _python()
    yield from _libraries()
    yield _cores()
    yield _memory()
    yield _gpus()
    yield _disk()
    yield _git()
    for what, look in (("params", _params), ("DVC", _dvc), ("MLflow", _mlflow)):
        yield look(what)


def _python() -> Finding:
    return Finding("Python", f"{sys.version.partition(' ')[0]} in {sys.prefix}")


def _libraries() -> Iterator[Finding]:
    """Yield what differs from the lock file, and one line on the rest."""
    if not LOCK.is_file():
        yield Finding("libraries", f"no {LOCK} here to compare with", "go to the folder of a project")
        return
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;+]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    installed = {name: _installed(name) for name in locked}
    missing = [name for name in NEEDED if name in locked and not installed[name]]
    others = [f"{name} {installed[name]}, not {pin}" for name, pin in locked.items() if installed[name] not in ("", pin)]
    if missing:
        yield Finding("libraries", f"missing: {', '.join(missing)}", "make install", stops=True)
    if others:
        more = f", and {len(others) - 3} more" if len(others) > 3 else ""
        yield Finding("libraries", f"{'; '.join(others[:3])}{more}", f"make install brings those of {LOCK}")
    if not missing and not others:
        torch, lightning = installed.get("torch", ""), installed.get("pytorch-lightning", "")
        yield Finding("libraries", f"as {LOCK} says: torch {torch}, Lightning {lightning}, {len(locked)} in all")


def _installed(name: str) -> str:
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return ""


def _cores() -> Finding:
    count = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return Finding("cores", str(count))


def _memory() -> Finding:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
    cure = "" if total >= ENOUGH_MEMORY else "run fewer stages side by side: rnnpipe run --cores 1"
    return Finding("memory", f"{total:.1f} GiB", cure)


def _gpus() -> Finding:
    count = len(visible_gpus(os.environ))
    if not count:
        return Finding("GPUs", "none: stages use the processor")
    from torch import cuda

    cure = "" if cuda.is_available() else "this torch cannot use them: install the build for CUDA, https://pytorch.org"
    return Finding("GPUs", str(count), cure)


def _disk() -> Finding:
    if not os.access(".", os.W_OK):
        return Finding("disk", f"{Path.cwd()} cannot be written", "take a folder of your own", stops=True)
    free = shutil.disk_usage(".").free / GIB
    cure = "" if free >= ENOUGH_DISK else "dvc gc --workspace frees what no present output needs, make clean the logs"
    return Finding("disk", f"{free:.1f} GiB free", cure, stops=free < LEAST_DISK)


def _git() -> Finding:
    if shutil.which("git") is None:
        return Finding("git", "not installed", "install git: runs would not know which commit they are of")
    commit = head()
    if commit == "none":
        return Finding("git", "no commit here", "git init && git add --all && git commit: runs name the commit they are of")
    return Finding("git", commit[:7])


def _params(what: str) -> Finding:
    from rnnpipe.params import load_params

    try:
        load_params()
    except RnnpipeError as error:
        return Finding(what, str(error), "mend it, or go to the folder of a project", stops=True)
    return Finding(what, "params.yaml can be read")


def _dvc(what: str) -> Finding:
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo(".") as repository:
            cache = Path(repository.cache.local.path)
            links = ", ".join(repository.cache.local.cache_types)
            remote = repository.config["core"].get("remote") or next(iter(repository.config["remote"]), "")
    except (DvcException, OSError) as error:
        return Finding(what, str(error).splitlines()[0], "go to the folder of a project, or dvc init", stops=True)
    above = next(path for path in (cache, *cache.parents) if path.exists())
    if not os.access(above, os.W_OK):
        return Finding(what, f"{cache} cannot be written", "dvc cache dir FOLDER takes another one", stops=True)
    told = f"cache {os.path.relpath(cache)}, by {links}; remote {remote or 'none'}"
    return Finding(what, told)


def _mlflow(what: str) -> Finding:
    from rnnpipe.tracking.addresses import database_file, store_uri
    from rnnpipe.tracking.store import Store, failures, reason

    uri = store_uri()
    database = database_file(uri)
    if database and not database.exists():
        return Finding(what, f"{database} is not there yet: the first run makes it")
    try:
        count = len(Store(uri).experiments())
    except failures() as error:
        return Finding(what, f"{uri}: {reason(error)}", "results are made all the same, and rnnpipe track tells MLflow later")
    return Finding(what, f"{uri}, {count} experiments")
