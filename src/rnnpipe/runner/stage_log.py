"""What a stage's log says of its run, read as far as it has been written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EPOCH = re.compile(r"epoch (\d+) of (\d+)\W+(.*)")
FIGURE = re.compile(r"([a-z]\w*) (-?\d[\d.e+-]*|-?inf|nan)")
SPEED_UNIT = "tokens/s"
SPEED = re.compile(rf"(\d+) {SPEED_UNIT}")
OUTCOMES = {"is cached - skipping run": "restored from the cache", "didn't change, skipping": "nothing to do"}
"""What DVC logs of a stage that it does not run → what happened."""


@dataclass(frozen=True)
class Epoch:
    """One line of a training's log: an epoch that is over."""

    number: int
    """Counted from 1."""
    of: int
    """Epochs that the training takes at most."""
    figures: Mapping[str, float]
    """Of a network `train_loss`, `validation_loss` and its scores; of word vectors `loss`."""
    speed: int | None
    """Tokens a second; None where the stage does not say it."""

    @classmethod
    def read(cls, line: str) -> Epoch | None:
        """Return the epoch that a line tells of; None of any other line."""
        found = EPOCH.match(line)
        if not found:
            return None
        number, of, told = found.groups()
        speed = SPEED.search(told)
        figures = {name: float(value) for name, value in FIGURE.findall(told)}
        return cls(int(number), int(of), figures, int(speed[1]) if speed else None)

    def words(self, score: str | None = None) -> list[str]:
        """Return what it says in short: `epoch 3 of 6`, `loss 0.137`, `accuracy 96.4`, `142k tokens/s`.

        Parameters
        ----------
        score : str, default=None
            Column of the score; None: the first validation score that the line names.
        """
        loss = self.figures.get("validation_loss", self.figures.get("loss"))
        named = score if score in self.figures else next(filter(_is_score, self.figures), None)
        told = [f"epoch {self.number} of {self.of}"]
        told += [f"loss {loss:.3g}"] if loss is not None else []
        told += [f"{named.partition('_')[2]} {self.figures[named]:.3g}"] if named and not named.endswith("_loss") else []
        return told + ([f"{_thousands(self.speed)} {SPEED_UNIT}"] if self.speed else [])


class StageLog:
    """A stage's log, of which each line is given out once.

    Parameters
    ----------
    path : Path
        May not be there yet.
    since : float
        Seconds since 1970: what was written before is of a former run.
    """

    def __init__(self, path: Path, since: float) -> None:
        self.path = path
        self.outcome = ""
        """What DVC did in the place of a run, as far as it was read; empty where it ran the stage."""
        self._since = since
        self._read = 0

    def new_lines(self) -> list[str]:
        """Return the whole lines that were written since the last call."""
        try:
            state = self.path.stat()
            if state.st_size <= self._read or state.st_mtime < self._since:
                return []
            with self.path.open("rb") as file:
                file.seek(self._read)
                written = file.read()
        except OSError:
            return []
        whole = written[: written.rfind(b"\n") + 1]
        self._read += len(whole)
        lines = whole.decode(errors="replace").splitlines()
        for line in lines:
            self.outcome = next((told for mark, told in OUTCOMES.items() if mark in line), self.outcome)
        return lines

    def last_lines(self, count: int = 5) -> list[str]:
        """Return the end of the log, whoever wrote it."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()[-count:]
        except OSError:
            return []


def _is_score(column: str) -> bool:
    return column.startswith("validation_") and column != "validation_loss"


def _thousands(number: int) -> str:
    return f"{number / 1000:.0f}k" if number >= 10_000 else str(number)
