"""How long a stage took when it last ran."""

from functools import cache

from rnnpipe.common.tables import read_csv
from rnnpipe.runner.project import noted_seconds
from rnnpipe.tracking.durations import DURATIONS


def last_seconds(stage: str) -> int | None:
    """Return it as noted on this machine, else as noted in git by whoever ran it; None where nobody has."""
    noted = noted_seconds(stage)
    return _committed().get(stage) if noted is None else noted


@cache
def _committed() -> dict[str, int]:
    return {row["stage"]: int(row["seconds"]) for row in read_csv(DURATIONS)}
