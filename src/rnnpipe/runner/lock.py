"""Snakemake's lock on a project, taken away where its owner was killed."""

from pathlib import Path

from filelock import FileLock, Timeout

_held: list[FileLock] = []
"""Locks of this process; the operating system opens them when it ends, however it ends."""


def release_dead_locks(folder: Path = Path(".snakemake"), patience: float = 5.0) -> None:
    """Remove the locks of a Snakemake that is no more, and keep others from removing those of this process.

    Snakemake's own locks are files that outlive a killed process, after which it refuses to start. Whoever holds the lock
    taken here is the only Snakemake in the project, so any of those files is a dead one's. Where it is held by another process,
    nothing is done: Snakemake says what it always says.

    Parameters
    ----------
    folder : Path, default=Path(".snakemake")
        Where Snakemake keeps what it knows of the project.
    patience : float, default=5.0
        Seconds to wait for another process, since a dry run is over soon.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "rnnpipe.lock")
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        return
    _held.append(lock)
    for path in (folder / "locks").glob("*.lock"):
        path.unlink()
