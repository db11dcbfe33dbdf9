"""A run as it is shown: what begins, how far it is, what is over, what failed and why; silence never lasts."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from rnnpipe.runner import display, progress, seconds
from rnnpipe.runner.display import Bar, Lines, display_for, drawn, fitted
from rnnpipe.runner.progress import Progress, Stage

EPOCH = "epoch {} of 10  train_loss 0.5  validation_loss 0.4  validation_accuracy 91.25  50000 tokens/s  kept\n"


class Clock:
    """Time that passes when it is told to."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now - 1000.0  # logs of the tests are newer than any stage


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    monkeypatch.setattr(display, "time", clock)
    return clock


class Shown:
    """A run shown in a file."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.stream, self.folder, self.clock = io.StringIO(), folder, clock
        self.progress = Progress(Lines(self.stream), lambda: {"train_sentiment@lstm": "validation_accuracy"})

    def log(self, stage: str) -> Path:
        return self.folder / f"{stage}.log"

    def write(self, stage: str, text: str) -> None:
        with self.log(stage).open("a") as file:
            file.write(text)

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.now += 1
            self.progress.tick()

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def shown(tmp_path: Path, clock: Clock) -> Shown:
    return Shown(tmp_path, clock)


def test_a_run_from_its_beginning_to_its_end(shown: Shown) -> None:
    shown.progress.plan(2)
    shown.progress.begin(1, "train_sentiment@lstm", shown.log("train_sentiment@lstm"))
    shown.write("train_sentiment@lstm", EPOCH.format(1))
    shown.wait(2)
    shown.write("train_sentiment@lstm", EPOCH.format(2))
    shown.wait(6)
    shown.write("train_sentiment@lstm", EPOCH.format(3))
    shown.wait(1)
    shown.progress.end(1)
    shown.progress.begin(2, "encode@x", shown.log("encode@x"))
    shown.write("encode@x", "Stage 'encode@x' is cached - skipping run, checking out outputs\n")
    shown.progress.end(2)
    shown.progress.close()
    assert shown.lines == [
        "2 stages to run",
        "train_sentiment@lstm  begins",
        "train_sentiment@lstm  epoch 1 of 10  loss 0.4  accuracy 91.2  50k tokens/s",
        "…sentiment@lstm  epoch 3 of 10  loss 0.4  accuracy 91.2  50k tokens/s  28 s left",
        "train_sentiment@lstm  9 s  (1 of 2 done)",
        "encode@x  begins",
        "encode@x  restored from the cache, 0 s  (2 of 2 done)",
        "2 stages done in 9 s",
    ]


def test_a_beginning_that_is_told_late_loses_no_epoch(shown: Shown) -> None:
    shown.clock.now += 60
    shown.write("train_ner@lstm", EPOCH.format(1))
    os.utime(shown.log("train_ner@lstm"), (40, 40))
    shown.progress.begin(1, "train_ner@lstm", shown.log("train_ner@lstm"), since=30.0)
    shown.progress.end(1)
    assert shown.lines[1].startswith("train_ner@lstm  epoch 1 of 10")


def test_silence_lasts_less_than_ten_seconds(shown: Shown) -> None:
    shown.progress.plan(9)
    for job in range(6):
        shown.progress.begin(job, f"measure_softmax@{job}", shown.log(str(job)))
    before = len(shown.lines)
    shown.wait(9)
    assert shown.lines[before:] == [*(f"measure_softmax@{job}  9 s" for job in range(4)), "and 2 more; 0 of 9 done"]
    shown.wait(9)
    assert shown.lines[-5] == "measure_softmax@0  18 s"


def test_a_first_epoch_is_told_however_slow_the_start_was(shown: Shown) -> None:
    shown.progress.begin(1, "train_ner@lstm", shown.log("train_ner@lstm"))
    shown.wait(9)
    shown.write("train_ner@lstm", EPOCH.format(1))
    shown.wait(1)
    shown.progress.end(1)
    assert [line[:30] for line in shown.lines[1:3]] == ["train_ner@lstm  9 s", "train_ner@lstm  epoch 1 of 10 "]


def test_silence_before_the_first_stage(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.wait(9)
    assert shown.lines == ["getting ready  9 s"]
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    shown.progress = Progress(Bar(terminal))
    shown.wait(9)
    assert terminal.getvalue().splitlines() == ["getting ready  9 s"]


def test_a_failure_is_told_with_the_end_of_its_log(shown: Shown) -> None:
    shown.progress.plan(3)
    shown.progress.begin(1, "tokenize@x", shown.log("tokenize@x"))
    shown.write("tokenize@x", "Running stage 'tokenize@x':\nerror: data/raw/x/train.csv:3: no text\n")
    shown.progress.fail(1)
    shown.progress.fail(7)
    shown.progress.close()
    assert shown.lines[2:] == [
        f"tokenize@x  failed after 0 s; its log: {shown.log('tokenize@x')}",
        "    Running stage 'tokenize@x':",
        "    error: data/raw/x/train.csv:3: no text",
        "1 stage failed, 0 of 3 done in 0 s; the next run goes on from here",
    ]


def test_what_the_user_ends_has_not_failed(shown: Shown) -> None:
    shown.progress.plan(1)
    shown.progress.begin(1, "tokenize@x", shown.log("tokenize@x"))
    shown.progress.stop()
    shown.progress.fail(1)
    shown.progress.close()
    assert "failed" not in shown.stream.getvalue()
    assert shown.lines[-1] == "0 of 1 done in 0 s; the next run goes on from here"


def test_time_left_of_a_stage_that_trains_several_networks(tmp_path: Path, clock: Clock) -> None:
    stage = Stage("measure_softmax@x", tmp_path / "log")
    with stage.log.path.open("a") as file:
        for number in (1, 2, 3, 1):
            file.write(f"epoch {number} of 3: loss 1.5\n")
            file.flush()
            clock.now += 10
            stage.read()
            assert stage.left == (10.0 if number == 2 else None)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_bar_and_a_file_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(display_for(Terminal()), Bar)
    assert isinstance(display_for(io.StringIO()), Lines)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(display_for(Terminal()), Lines)


def test_a_bar_shows_all_stages_and_those_that_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    run = Progress(Bar(terminal))
    run.plan(4)
    run.begin(1, "train_ner@lstm", tmp_path / "log")
    (tmp_path / "log").write_text(EPOCH.format(2))
    run.tick()
    drawn_now = terminal.getvalue()
    assert "0 of 4 stages" in drawn_now
    assert "train_ner@lstm  epoch 2 of 10  loss 0.4" in drawn_now
    run.end(1)
    run.close()
    assert "train_ner@lstm  0 s  (1 of 4 done)" in terminal.getvalue()
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rfind("\x1b[?25l"), "the cursor is there again"


def test_a_bar_of_so_many_cells() -> None:
    assert drawn(1, 4, cells=8) == "██░░░░░░"
    assert drawn(0, 0, cells=2) == "░░"


@pytest.mark.parametrize("name", ["encode@x", "train_language_model@a-run-with-quite-a-long-name-1"])
def test_a_line_fits_and_keeps_what_tells_runs_apart(name: str) -> None:
    line = fitted(name, ["epoch 10 of 10", "loss 0.123", "perplexity 91.2", "50k tokens/s", "12 min left"])
    assert len(line) <= 80
    assert line.split("  ")[0].endswith(name[-7:])
    assert "tokens/s" in line


def test_of_a_line_that_is_too_long_the_speed_is_left_out() -> None:
    line = fitted("encode@x", ["epoch 1000 of 1000", "loss 1.23e-05", "perplexity 1.23e+05", "500k tokens/s", "2 h 5 min left"])
    assert len(line) <= 80
    assert "tokens/s" not in line
    assert line.endswith("2 h 5 min left")


def cases() -> list[Any]:
    return [(0.4, "0 s"), (59, "59 s"), (60, "1 min"), (80, "1 min 20 s"), (1000, "17 min"), (3600, "1 h"), (7500, "2 h 5 min")]


@pytest.mark.parametrize(("length", "said"), cases())
def test_seconds_in_words(length: float, said: str) -> None:
    assert seconds.in_words(length) == said
