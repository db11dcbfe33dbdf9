import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.tracking import stage_key
from rnnpipe.tracking.pipeline import TrainedStage, identity_of, trained_stages


def replace(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))


def test_key_is_the_same_elsewhere(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = stage_key("train_sentiment@rnn")
    shutil.copytree(project, tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert stage_key("train_sentiment@rnn") == here
    assert len(here) == 64


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("params.yaml", "{cell: rnn}", "{cell: gru}"),
        ("params.yaml", "hidden: 8", "hidden: 9"),
        ("data/texts.txt", "good", "well"),
        ("train.sh", "0.7", "0.8"),
        ("dvc.yaml", "cmd: sh train.sh", "cmd: sh  train.sh"),
    ],
)
def test_key_follows_parameters_inputs_and_command(project: Path, path: str, old: str, new: str) -> None:
    before = stage_key("train_sentiment@rnn")
    replace(path, old, new)
    changed = stage_key("train_sentiment@rnn")
    assert changed != before
    replace(path, new, old)
    assert stage_key("train_sentiment@rnn") == before


def test_key_does_not_follow_another_run(project: Path) -> None:
    before = stage_key("train_sentiment@rnn")
    replace("params.yaml", "{cell: lstm}", "{cell: lstm, layers: 2}")
    assert stage_key("train_sentiment@rnn") == before
    assert stage_key("train_sentiment@lstm") != before


def test_a_stage_may_ask_for_its_key_while_dvc_runs_it(project: Path) -> None:
    ask = "from rnnpipe.tracking import stage_key; print(stage_key('ask'))"
    Path("dvc.yaml").write_text(
        f'stages:\n  ask:\n    cmd: \'"{sys.executable}" -c "{ask.replace(chr(39), chr(39) * 2)}" > key.txt\'\n'
        "    deps: [data]\n    params: [seed]\n    outs: [key.txt]\n"
    )
    subprocess.run([Path(sys.executable).parent / "dvc", "repro", "--quiet"], check=True)
    assert Path("key.txt").read_text().strip() == stage_key("ask")


@pytest.mark.parametrize("stage", ["train_sentiment@gru", "unheard_of"])
def test_an_unknown_stage_is_one_line(project: Path, stage: str) -> None:
    with pytest.raises(RnnpipeError, match=stage) as caught:
        stage_key(stage)
    assert "\n" not in str(caught.value)


def test_a_missing_input_is_named(project: Path) -> None:
    shutil.rmtree("data")
    with pytest.raises(RnnpipeError, match="data: input of train_sentiment@rnn is missing"):
        stage_key("train_sentiment@rnn")


def test_trained_stages(project: Path) -> None:
    skipped: list[str] = []
    found = {stage.identity.stage: stage for stage in trained_stages(skipped.append)}
    assert skipped == []
    assert set(found) == {"train_sentiment@rnn", "train_sentiment@lstm", "fit_bag_of_words@words"}
    assert found["train_sentiment@rnn"] == TrainedStage(
        identity_of("train_sentiment@rnn"),
        task="sentiment",
        run="rnn",
        output=Path("models/sentiment/rnn"),
        metrics=Path("reports/sentiment/rnn/metrics.json"),
    )
    baseline = found["fit_bag_of_words@words"]
    assert (baseline.task, baseline.section, baseline.output) == ("sentiment", "bag_of_words", Path("reports/sentiment/words"))


def test_what_is_not_up_to_date_is_skipped(project: Path) -> None:
    replace("params.yaml", "{cell: lstm}", "{cell: lstm, layers: 2}")
    shutil.rmtree("models/sentiment/rnn")
    skipped: list[str] = []
    assert [stage.identity.stage for stage in trained_stages(skipped.append)] == ["fit_bag_of_words@words"]
    assert sorted(skipped) == ["train_sentiment@lstm", "train_sentiment@rnn"]


def test_scores_of_another_model_are_left_out(project: Path) -> None:
    replace("evaluate.sh", "80.0", "90.0")
    found = {stage.identity.stage: stage for stage in trained_stages(lambda _: None)}
    assert found["train_sentiment@rnn"].metrics is None
