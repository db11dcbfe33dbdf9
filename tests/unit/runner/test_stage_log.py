"""A log is read as it grows, each line once, and a training's lines in figures."""

import os
import time
from pathlib import Path

import pytest

from rnnpipe.runner.stage_log import Epoch, StageLog

TRAINING = (
    "epoch 3 of 6  train_loss 0.140673  validation_loss 0.13657  train_accuracy 95.8  train_macro_f1 95.9  "
    "validation_accuracy 96.4  validation_macro_f1 96.3996  142211 tokens/s  kept"
)


def epoch(line: str) -> Epoch:
    found = Epoch.read(line)
    assert found
    return found


def test_a_line_of_a_training() -> None:
    read = epoch(TRAINING)
    assert (read.number, read.of, read.speed) == (3, 6, 142211)
    assert read.figures["validation_loss"] == 0.13657
    assert read.words("validation_macro_f1") == ["epoch 3 of 6", "loss 0.137", "macro_f1 96.4", "142k tokens/s"]
    assert read.words() == ["epoch 3 of 6", "loss 0.137", "accuracy 96.4", "142k tokens/s"]
    assert read.words("validation_loss") == ["epoch 3 of 6", "loss 0.137", "142k tokens/s"], "the loss is not said twice"


def test_what_is_no_number_and_what_is_slow() -> None:
    line = "epoch 1 of 2  train_loss nan  validation_loss inf  validation_perplexity inf  950 tokens/s"
    assert epoch(line).words() == ["epoch 1 of 2", "loss inf", "perplexity inf", "950 tokens/s"]


def test_a_line_of_word_vectors() -> None:
    assert epoch("epoch 2 of 15: loss 0.055900").words("validation_loss") == ["epoch 2 of 15", "loss 0.0559"]


@pytest.mark.parametrize("line", ["", "Running stage 'x':", "epoch", "epoch one of two  loss 1", "an epoch 1 of 2  loss 1"])
def test_other_lines_are_none(line: str) -> None:
    assert Epoch.read(line) is None


def test_each_whole_line_is_given_out_once(tmp_path: Path) -> None:
    path = tmp_path / "stage.log"
    log = StageLog(path, since=time.time() - 1)
    assert log.new_lines() == []
    path.write_bytes(b"one\ntw")
    assert log.new_lines() == ["one"]
    assert log.new_lines() == []
    with path.open("ab") as file:
        file.write("o\nsé".encode()[:-1])
    assert log.new_lines() == ["two"]
    with path.open("ab") as file:
        file.write("é".encode()[1:] + b"\n\xff\n")
    assert log.new_lines() == ["sé", "\ufffd"], "bytes that are no UTF-8 stop nothing"


def test_the_log_of_a_former_run_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "stage.log"
    path.write_text("old\n")
    os.utime(path, (1, 1))
    log = StageLog(path, since=time.time() - 1)
    assert log.new_lines() == []
    path.write_text("new\n")
    assert log.new_lines() == ["new"]


def test_what_dvc_did_in_the_place_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "stage.log"
    path.write_text("Stage 'encode@x' is cached - skipping run, checking out outputs\nUpdating lock file\n")
    log = StageLog(path, since=0)
    log.new_lines()
    assert log.outcome == "restored from the cache"


def test_the_end_of_a_log(tmp_path: Path) -> None:
    path = tmp_path / "stage.log"
    assert StageLog(path, since=0).last_lines() == []
    path.write_text("".join(f"{n}\n" for n in range(9)) + "\n\n")
    assert StageLog(path, since=0).last_lines(3) == ["6", "7", "8"]
