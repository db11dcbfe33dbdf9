"""How long each result took to make, in a file beside dvc.lock: a clone that pulls results knows it too.

A duration belongs to a key. It is written once and kept, so that a result that is made again does not change the file.
"""

from collections.abc import Mapping
from pathlib import Path

from rnnpipe.common.tables import read_csv, write_csv
from rnnpipe.tracking.pipeline import Identity

DURATIONS = Path("durations.csv")


def read_durations() -> dict[str, int]:
    """Return key → seconds; nothing where there is no file."""
    return {row["key"]: int(row["seconds"]) for row in read_csv(DURATIONS)}


def write_durations(seconds: Mapping[str, int], results: Mapping[str, Identity]) -> None:
    """Write down how long the workspace's present results took, if the file does not say so yet.

    Parameters
    ----------
    seconds : mapping of str to int
        Of each key.
    results : mapping of str to Identity
        Key → the stage that it belongs to.
    """
    known = read_durations()
    rows = {key: known.get(key, seconds.get(key, 0)) for key in results}
    rows = {key: value for key, value in rows.items() if value}
    if rows != known:
        write_csv(DURATIONS, ("stage", "key", "seconds"), sorted((results[key].stage, key, rows[key]) for key in rows))
