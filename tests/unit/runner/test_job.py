"""A job does with a stage what DVC does with it: runs it, restores it, skips it, and DVC agrees afterwards."""

from pathlib import Path

import pytest
from dvc.cli import main as dvc

from rnnpipe.runner.job import main, reproduce

COMMAND = "import shutil, sys; print('at work', flush=True); shutil.copyfile(sys.argv[1], sys.argv[2])"
STAGES = """\
stages:
  take:
    foreach: [one, two]
    do:
      cmd: python take.py ${item}.txt ${item}.out
      deps: ["${item}.txt"]
      outs: ["${item}.out"]
"""
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")
    for name, text in {
        ".dvc/config": "[core]\n    no_scm = true\n",
        "dvc.yaml": STAGES,
        "take.py": COMMAND,
        "one.txt": "1",
        "two.txt": "2",
    }.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    return tmp_path


def works(stage: str, capfd: Captured) -> bool:
    """Tell whether a job runs the stage's own command."""
    capfd.readouterr()
    reproduce(stage)
    return "at work" in capfd.readouterr().out


def test_a_stage_is_run_skipped_and_restored(project: Path, capfd: Captured) -> None:
    assert works("take@one", capfd)
    first = Path("dvc.lock").read_text()
    assert not works("take@one", capfd)
    Path("one.txt").write_text("changed")
    assert works("take@one", capfd)
    assert Path("one.out").read_text() == "changed"
    Path("one.txt").write_text("1")
    assert not works("take@one", capfd)
    assert (Path("one.out").read_text(), Path("dvc.lock").read_text()) == ("1", first)


def test_dvc_finds_nothing_to_do_and_would_have_written_the_same(project: Path) -> None:
    reproduce("take@two")
    reproduce("take@one")
    assert dvc(["status", "--quiet"]) == 0
    written = Path("dvc.lock").read_text()
    Path("dvc.lock").unlink()
    assert dvc(["repro", "--force", "--single-item", "take@two", "take@one"]) == 0
    assert Path("dvc.lock").read_text() == written


@pytest.mark.parametrize(
    ("stage", "told"),
    [("take@one", "failed to run: python take.py"), ("take@two", "two.txt"), ("take@three", "take@three")],
)
def test_a_failure_is_one_line_and_leaves_the_sums_alone(
    stage: str, told: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reproduce("take@one")
    before = Path("dvc.lock").read_text()
    Path("take.py").write_text("raise SystemExit('no')")
    Path("one.txt").write_text("changed")
    Path("two.txt").unlink()
    monkeypatch.setattr("sys.argv", ["job", stage])
    with pytest.raises(SystemExit, match=f"^error: .*{told}[^\n]*$"):
        main()
    assert Path("dvc.lock").read_text() == before
