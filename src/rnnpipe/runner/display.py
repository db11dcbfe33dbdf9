"""Two ways to show a run of the pipeline: a bar on a terminal, plain lines in a file or a pipe."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
from typing import Any, TextIO

from rnnpipe.runner.progress import Display, Stage
from rnnpipe.runner.seconds import in_words
from rnnpipe.runner.stage_log import SPEED_UNIT

WIDTH = 80
SILENCE = 9.0
"""Seconds after which a file gets a line of what runs."""
PACE = 8.0
"""Least seconds between two lines on the epochs of one stage."""
LEAST = 8
"""Columns that a name keeps on the fullest line."""
AT_ONCE = 4
"""Running stages of which a file gets a line each."""


def display_for(stream: TextIO) -> Display:
    """Return the way that fits a stream."""
    return Bar(stream) if stream.isatty() and os.environ.get("TERM") != "dumb" else Lines(stream)


class Lines:
    """Lines of at most 80 columns, without control characters, where nothing goes on for ten seconds without one."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._began = self._said = time.monotonic()
        self._told: dict[str, float] = {}

    def say(self, line: str) -> None:
        """Write a line; where nobody reads any more, the run goes on."""
        self._said = time.monotonic()
        with contextlib.suppress(BrokenPipeError):
            print(line, file=self._stream, flush=True)  # noqa: T201

    def began(self, stage: Stage) -> None:
        """Write a stage's name."""
        self._told.pop(stage.name, None)
        self.say(f"{stage.name}  begins")

    def trained(self, stage: Stage) -> None:
        """Write how far a training is: after the first epoch, and then every few seconds."""
        if time.monotonic() - self._told.get(stage.name, -math.inf) >= PACE:
            self._tell(stage)

    def refresh(self, done: int, total: int, running: list[Stage]) -> None:
        """Write how far the running stages are, where nothing was written for some time."""
        if time.monotonic() - self._said < SILENCE:
            return
        if not running:
            self.say(_getting_ready(self._began))
        for stage in running[:AT_ONCE]:
            self._tell(stage)
        if len(running) > AT_ONCE:
            self.say(f"and {len(running) - AT_ONCE} more; {done} of {total} done")

    def close(self) -> None:
        """Nothing is left open."""

    def _tell(self, stage: Stage) -> None:
        if stage.epoch:  # else the first one, soon after a line of how long it has been running, would not be told
            self._told[stage.name] = time.monotonic()
        self.say(fitted(stage.name, stage.words()))


class Bar:
    """A bar of all stages with a line for each that runs below it; what is over stands above."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        from rich.console import Console

        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._live: Any = None
        self._began = self._said = time.monotonic()

    def say(self, line: str) -> None:
        """Show a line above the bar."""
        self._said = time.monotonic()
        self._console.print(line, soft_wrap=True)

    def began(self, stage: Stage) -> None:
        """Show the bar from the first stage on: what was before may have written to the terminal itself."""
        if self._live is None:
            from rich.live import Live

            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
            self._console.show_cursor(True)  # so that it is there after any end

    def trained(self, stage: Stage) -> None:
        """Wait for the next `refresh`."""

    def refresh(self, done: int, total: int, running: list[Stage]) -> None:
        """Draw the bar anew; before there is one, say now and then that something goes on."""
        if self._live is None:
            if time.monotonic() - self._said >= SILENCE:
                self.say(_getting_ready(self._began))
            return
        from rich.text import Text

        width, room = self._console.width - 1, max(self._console.height - 4, 1)
        lines = [f"{drawn(done, total)}  {done} of {total} stages"]
        lines += [fitted(f"  {stage.name}", stage.words(), width) for stage in running[:room]]
        if len(running) > room:
            lines.append(f"  and {len(running) - room} more")
        self._live.update(Text("\n".join(lines), no_wrap=True, overflow="ellipsis"), refresh=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._live is not None:
            self._live.stop()
            self._live = None


def _getting_ready(since: float) -> str:
    return f"getting ready  {in_words(time.monotonic() - since)}"


def drawn(done: int, total: int, cells: int = 40) -> str:
    """Return a bar of so many cells."""
    full = round(cells * done / total) if total else 0
    return "█" * full + "░" * (cells - full)


def fitted(name: str, words: list[str], width: int = WIDTH) -> str:
    """Return a line; of a name that is too long the end is left, which tells runs apart, and of a line the speed is left out."""
    told = "  ".join(words)
    if len(told) + 2 + min(len(name), LEAST) > width:
        told = "  ".join(word for word in words if not word.endswith(SPEED_UNIT))
    room = max(width - len(told) - 2, LEAST)
    return f"{name if len(name) <= room else '…' + name[1 - room :]}  {told}"
