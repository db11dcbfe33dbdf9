"""What happens while stages run, as a display shows it: which have begun, how far they are, which are over."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from rnnpipe.runner.seconds import in_words
from rnnpipe.runner.stage_log import Epoch, StageLog


class Stage:
    """A stage that runs.

    Parameters
    ----------
    name : str
    log : Path
    score : str
        Column of the validation score that its training is told by; None: the first that its log names.
    since : float, default=None
        Seconds since 1970: when it began; None: now.
    """

    def __init__(self, name: str, log: Path, score: str | None = None, since: float | None = None) -> None:
        self.name = name
        self.log = StageLog(log, since=(time.time() if since is None else since) - 1)
        self.epoch: Epoch | None = None
        """The last that is over."""
        self._score = score
        self._began = time.monotonic()
        self._first: tuple[int, float] | None = None  # the first epoch that was seen to end, and when
        self._last = 0.0

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._began

    def read(self) -> list[Epoch]:
        """Read on in the log; return the epochs that are over since the last call."""
        epochs = [epoch for line in self.log.new_lines() if (epoch := Epoch.read(line))]
        for epoch in epochs:
            if self.epoch is None or epoch.number <= self.epoch.number:  # a stage may train several networks, one by one
                self._first = epoch.number, time.monotonic()
            self.epoch, self._last = epoch, time.monotonic()
        return epochs

    @property
    def left(self) -> float | None:
        """Seconds to its last epoch at the pace up to now; None where that is not known yet, and after the last one."""
        if not (self.epoch and self._first) or self.epoch.number in (self._first[0], self.epoch.of):
            return None
        pace = (self._last - self._first[1]) / (self.epoch.number - self._first[0])
        return max(pace * (self.epoch.of - self.epoch.number) - (time.monotonic() - self._last), 0.0)

    def words(self) -> list[str]:
        """Return how far it is: the last epoch and the time left, else for how long it has been running."""
        if self.epoch is None:
            return [in_words(self.seconds)]
        left = self.left
        return self.epoch.words(self._score) + (
            [f"{in_words(left if left < 60 else 60 * round(left / 60))} left"] if left is not None else []
        )


class Display(Protocol):
    """Where it is shown."""

    def say(self, line: str) -> None:
        """Show a line that stays."""

    def began(self, stage: Stage) -> None:
        """Tell that a stage has begun."""

    def trained(self, stage: Stage) -> None:
        """Tell that an epoch of a stage is over."""

    def refresh(self, done: int, total: int, running: list[Stage]) -> None:
        """Show the present state; called once a second."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class Progress:
    """The stages of one run of the pipeline, counted and shown."""

    def __init__(self, display: Display, scores: Callable[[], Mapping[str, str]] = dict) -> None:
        self._display = display
        self._scores = scores
        self._began = time.monotonic()
        self._running: dict[int, Stage] = {}
        self.total = self.done = self.failed = 0
        self.stopped = False
        """Whether the user has ended the run."""

    def plan(self, total: int) -> None:
        """Say how many stages there are to run."""
        self.total = total
        self._display.say(f"{_stages(total)} to run")

    def say(self, line: str) -> None:
        """Show a line."""
        self._display.say(line)

    def begin(self, job: int, name: str, log: Path, since: float | None = None) -> None:
        """Show that a stage has begun, `since` when it did: on a busy machine that may be told late."""
        stage = self._running[job] = Stage(name, log, self._scores().get(name), since)
        self._display.began(stage)

    def end(self, job: int) -> None:
        """Show that a stage is over; what is no stage is passed over."""
        stage = self._running.pop(job, None)
        if stage:
            self._read(stage)
            self.done += 1
            outcome = f"{stage.log.outcome}, " if stage.log.outcome else ""
            self._display.say(f"{stage.name}  {outcome}{in_words(stage.seconds)}  ({self.done} of {self.total} done)")

    def fail(self, job: int) -> None:
        """Show that a stage has failed, with the end of its log and where that is."""
        stage = self._running.pop(job, None)
        if stage and not self.stopped:
            self.failed += 1
            self._display.say(f"{stage.name}  failed after {in_words(stage.seconds)}; its log: {stage.log.path}")
            for line in stage.log.last_lines():
                self._display.say(f"    {line}")

    def stop(self) -> None:
        """Show that the user has ended the run."""
        self.stopped = True
        self._display.say("stopping: what runs is ended, what is done stays")

    def tick(self) -> None:
        """Look how far the running stages are; to be called about once a second."""
        for stage in list(self._running.values()):
            self._read(stage)
        self._display.refresh(self.done, self.total, list(self._running.values()))

    def close(self) -> None:
        """Show how it ended."""
        self._display.close()
        lasted = in_words(time.monotonic() - self._began)
        if self.stopped or self.failed:
            failed = f"{_stages(self.failed)} failed, " if self.failed else ""
            self._display.say(f"{failed}{self.done} of {self.total} done in {lasted}; the next run goes on from here")
        elif self.total:
            self._display.say(f"{_stages(self.done)} done in {lasted}")

    def _read(self, stage: Stage) -> None:
        for _ in stage.read():
            self._display.trained(stage)


def _stages(count: int) -> str:
    return f"{count} stage" + ("s" if count != 1 else "")
