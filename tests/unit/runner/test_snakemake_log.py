"""Snakemake's records in this project's words: stages, failures and mistakes; nothing of the rest."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.tests import MockOutputSettings

from rnnpipe.runner.snakemake_log import LogHandler, _scores

PARAMS = """\
seed: 1
corpora: {opinions: {format: labelled, splits: {train: a.csv}, hold_out: {valid: 0.1}, licence: MIT}}
embeddings: {random-8: {kind: random, dimension: 8}}
sentiment:
  runs:
    lstm: {corpus: opinions, embedding: random-8, selection: macro_f1, network: {cell: lstm, hidden: 8}}
report: {title: one}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PARAMS)
    _scores.cache_clear()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What stands on standard error, however long it took."""
    return lambda: re.sub(r"\d+ s\b", "0 s", capsys.readouterr().err)


def record(message: str | None, level: int = logging.INFO, **told: Any) -> logging.LogRecord:
    made = logging.LogRecord("snakemake", level, "", 1, message, (), None)
    made.__dict__.update(told)
    return made


def begin(job: int, stage: str) -> logging.LogRecord:
    return record("Rule", event=LogEvent.JOB_INFO, jobid=job, rule_name=stage, log=[f"{stage}.log"] * (stage != "all"))


def tell(*records: logging.LogRecord) -> None:
    handler = LogHandler(common_settings=MockOutputSettings(), settings=None)
    for one in records:
        handler.emit(one)
    handler.close()
    handler.close()


def test_a_run_without_snakemakes_own_words(said: Callable[[], str]) -> None:
    tell(
        record("Building DAG of jobs..."),
        record("SNAKEMAKE", event=LogEvent.WORKFLOW_STARTED),
        record("Job stats:\n", event=LogEvent.RUN_INFO, stats={"encode@x": 1, "all": 1, "total": 2}),
        record("Select jobs to execute..."),
        begin(1, "encode@x"),
        record("Shell command: dvc", event=LogEvent.SHELLCMD),
        record(None, event=LogEvent.JOB_FINISHED, job_id=1),
        record(None, event=LogEvent.PROGRESS, done=1, total=2),
        begin(0, "all"),
        record(None, event=LogEvent.JOB_FINISHED, job_id=0),
        record("Complete log(s): /home/me/.snakemake/log/x.log"),
    )
    assert said() == "1 stage to run\nencode@x  begins\nencode@x  0 s  (1 of 1 done)\n1 stage done in 0 s\n"


def test_nothing_to_do(said: Callable[[], str]) -> None:
    tell(record("Nothing to be done (all requested files are present and up to date)."))
    assert said() == "nothing to run: all stages are up to date\n"


def test_a_mistake_in_the_parameters_is_one_line(said: Callable[[], str]) -> None:
    message = 'WorkflowError in file "/p/Snakefile", line 19:\nparams.yaml: x: unknown key\n  File "/p/Snakefile", line 19'
    tell(record(message, logging.ERROR, event=LogEvent.ERROR))
    assert said() == "error: params.yaml: x: unknown key\n"


def test_a_failure_is_told_once(said: Callable[[], str]) -> None:
    Path("encode@x.log").write_text("error: no text\n")
    tell(
        record("Job stats:\n", event=LogEvent.RUN_INFO, stats={"encode@x": 1, "total": 1}),
        begin(1, "encode@x"),
        record("RuleException:\nCalledProcessError in file Snakefile", logging.ERROR, event=LogEvent.ERROR),
        record("Error in rule", logging.ERROR, event=LogEvent.JOB_ERROR, jobid=1, rule_name="encode@x"),
        record("Exiting because a job execution failed. Look above for error messages", logging.ERROR),
        record("WorkflowError:\nAt least one job did not complete successfully.", logging.ERROR, event=LogEvent.ERROR),
    )
    lines = said().splitlines()[2:]
    assert lines[:2] == ["encode@x  failed after 0 s; its log: encode@x.log", "    error: no text"]
    assert len(lines) == 3


def test_warnings_stay_and_other_errors_too(said: Callable[[], str]) -> None:
    tell(record("the disk is full", logging.WARNING), record("LockException: locked", logging.ERROR, event=LogEvent.ERROR))
    assert said() == "the disk is full\nerror: LockException: locked\n"


def test_what_the_user_ends(said: Callable[[], str]) -> None:
    tell(record("Terminating processes on user request, this might take some time."))
    assert said().splitlines()[0].startswith("stopping")


def test_a_training_is_told_by_its_own_score() -> None:
    assert _scores() == {"train_sentiment@lstm": "validation_macro_f1"}
    _scores.cache_clear()
    Path("params.yaml").write_text("seed: [")
    assert _scores() == {}
