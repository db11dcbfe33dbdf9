"""Snakemake with its messages in this project's words: `python -m rnnpipe.runner.snakemake_log --cores 2`.

Snakemake tells plugins what happens; this module is one, named `rnnpipe`. Its own log, `.snakemake/log/`, keeps all that it
would have printed.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.runner.display import display_for
from rnnpipe.runner.progress import Progress

NAME = "rnnpipe"
NOTHING = "Nothing to be done"
STOPPING = ("Terminating processes on user request", "Will exit after finishing currently running jobs")
KNOWN = (
    "Exiting because a job execution failed",
    "WorkflowError:\nAt least one job did not complete",
    "RuleException:\nCalledProcessError",
)
"""Errors that say no more than that of the stage."""


class LogHandler(LogHandlerBase):
    """Shows the progress of a run on standard error. Snakemake calls it in a thread of its own, one record after the other."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Begin to look at the running stages, once a second."""
        self._lock = threading.Lock()
        self._progress = Progress(display_for(sys.stderr), _scores)
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Show what a record tells."""
        with self._lock:
            try:
                self._show(record.__dict__, record.levelno, str(record.msg or ""))
            except Exception:
                self.handleError(record)  # a fault here must not keep the rest from being shown

    def close(self) -> None:
        """Show how it ended; Snakemake closes a handler when it ends, however it ends."""
        if not self._ended.is_set():
            self._ended.set()
            with self._lock:
                self._progress.close()
        super().close()

    def _watch(self) -> None:
        while not self._ended.wait(1.0):
            with self._lock:
                if not self._ended.is_set():
                    self._progress.tick()

    def _show(self, told: Mapping[str, Any], level: int, message: str) -> None:
        progress = self._progress
        match told.get("event"):
            case LogEvent.RUN_INFO:
                progress.plan(sum(count for rule, count in told["stats"].items() if rule not in ("all", "total")))
            case LogEvent.JOB_INFO if told["log"]:  # the rule that asks for all has none
                progress.begin(told["jobid"], told["rule_name"], Path(told["log"][0]), told["created"])
            case LogEvent.JOB_FINISHED:
                progress.end(told["job_id"])
            case LogEvent.JOB_ERROR:
                progress.fail(told["jobid"])
            case None | LogEvent.ERROR if message.startswith(STOPPING):
                progress.stop()
            case None if message.startswith(NOTHING):
                progress.say("nothing to run: all stages are up to date")
            case LogEvent.ERROR if not message.startswith(KNOWN):
                progress.say(f"error: {_own_words(message)}")
            case None if level >= logging.WARNING and not message.startswith(KNOWN):
                progress.say(message)


def _own_words(message: str) -> str:
    """Return an error without where in the Snakefile it came up, if there is more to it."""
    lines = [line for line in message.splitlines() if line and not re.match(r"WorkflowError in file |  File ", line)]
    return "\n".join(lines) or message


@cache
def _scores() -> dict[str, str]:
    """Return stage → column of the validation score that its training is told by."""
    from rnnpipe.params import load_params

    try:
        return {stage: run.selected_by.column for stage, run in load_params().trainings.items()}
    except RnnpipeError:  # it was changed since Snakemake has read it
        return {}


def main() -> None:
    """Do what Snakemake's own command does with the same arguments, and show it in other words."""
    from snakemake.cli import args_to_api, parse_args
    from snakemake.exceptions import print_exception
    from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

    LoggerPluginRegistry().register_plugin(NAME, sys.modules[LogHandler.__module__])
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):  # that it reads profiles/default
            parser, arguments = parse_args(["--logger", NAME, *sys.argv[1:]])
    except SystemExit:
        sys.stderr.write(said.getvalue())
        raise
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # a job that fails prints the end of its log there
    try:
        done = args_to_api(arguments, parser)
    except Exception as error:
        print_exception(error)
        done = False
    sys.exit(0 if done else 1)


if __name__ == "__main__":
    main()
