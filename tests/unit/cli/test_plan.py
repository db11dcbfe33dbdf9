"""The plan as a table: what runs and why, runs of one stage together where there are many, and what the work comes to."""

import json
from pathlib import Path

import pytest

from rnnpipe.cli import plan
from rnnpipe.cli.plan import show_plan
from rnnpipe.runner.forecast import Fate, Forecast

CHANGED = [
    Forecast("check", Fate.RUN, ("changed input: params.yaml",)),
    Forecast("encode@x", Fate.CURRENT),
    Forecast("train_ner@lstm", Fate.RUN, ("changed parameter: optimizer.learning_rate 0.006 → 0.01",)),
    Forecast("evaluate_ner@lstm", Fate.OPEN, ("depends on: train_ner@lstm",)),
    Forecast("train_ner@gru", Fate.RESTORED, ("changed parameter: seed 1 → 2",)),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for stage, seconds in {"check": 3, "train_ner@lstm": 70}.items():
        path = Path("logs/seconds", stage)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{seconds}\n")


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stages: list[Forecast], *flags: bool) -> list[str]:
    monkeypatch.setattr(plan, "forecast", lambda: stages)
    show_plan(*(flags or (False, False)))
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_what_is_not_up_to_date(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(monkeypatch, capsys, CHANGED)
    assert "check to run 3 s changed input: params.yaml" in lines
    assert any(line.startswith("train_ner@lstm to run 1 min 10 s changed parameter:") for line in lines)
    assert "evaluate_ner@lstm may run 4 s depends on: train_ner@lstm" in lines
    assert any(line.startswith("train_ner@gru restored changed parameter: seed") for line in lines)
    assert not any("encode@x" in line for line in lines)
    said = " ".join(lines[-2:])
    assert "2 to run, 1 may run, 1 restored, 1 up to date: about 1 min 17 s of work." in said
    assert "1 never ran here and count as 4 s each." in said


def test_all_stages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert "encode@x up to date" in shown(monkeypatch, capsys, CHANGED, True, False)


def test_nothing_to_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(monkeypatch, capsys, [CHANGED[1]]) == ["1 up to date."]


def test_runs_of_one_stage_share_a_line_where_there_are_many(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [Forecast(f"train_ner@{n}", Fate.RUN, (f"missing output: models/ner/{n}",)) for n in range(30)]
    lines = shown(monkeypatch, capsys, [CHANGED[0], *many])
    assert "check to run 3 s changed input: params.yaml" in lines
    assert "train_ner (30 runs) to run 2 min missing output" in lines
    assert len(lines) == 6


def test_for_programs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads("\n".join(shown(monkeypatch, capsys, CHANGED, False, True)))
    assert [one["stage"] for one in told] == [one.stage for one in CHANGED]
    assert told[2] == {"stage": "train_ner@lstm", "fate": "to run", "seconds": 70, "why": list(CHANGED[2].why)}
