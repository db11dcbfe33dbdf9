import subprocess
from pathlib import Path

import pytest

from rnnpipe.cli.presets import use_preset
from rnnpipe.common.errors import RnnpipeError

PRESET = "seed: 1\ncorpora: {{}}\nreport: {{title: {title}}}\n"


@pytest.fixture(autouse=True)
def presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("presets").mkdir()
    for name in ("sample", "lecture"):
        Path(f"presets/{name}.yaml").write_text(PRESET.format(title=name))


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_where_there_are_no_parameters() -> None:
    use_preset("sample", force=False)
    assert Path("params.yaml").read_text() == PRESET.format(title="sample")


def test_over_another_preset() -> None:
    use_preset("sample", force=False)
    use_preset("lecture", force=False)
    assert Path("params.yaml").read_text() == PRESET.format(title="lecture")


def test_changes_are_not_lost() -> None:
    Path("params.yaml").write_text("seed: 2\n")
    with pytest.raises(RnnpipeError, match="--force"):
        use_preset("sample", force=False)
    assert Path("params.yaml").read_text() == "seed: 2\n"
    use_preset("sample", force=True)
    assert Path("params.yaml").read_text() == PRESET.format(title="sample")


def test_over_what_is_committed() -> None:
    git("init", "-q")
    Path("params.yaml").write_text("seed: 2\n")
    git("add", "params.yaml")
    git("commit", "-q", "-m", "mine")
    use_preset("sample", force=False)
    assert Path("params.yaml").read_text() == PRESET.format(title="sample")


def test_over_changes_since_the_last_commit() -> None:
    git("init", "-q")
    Path("params.yaml").write_text("seed: 2\n")
    git("add", "params.yaml")
    git("commit", "-q", "-m", "mine")
    Path("params.yaml").write_text("seed: 3\n")
    with pytest.raises(RnnpipeError, match="neither committed"):
        use_preset("sample", force=False)


@pytest.mark.parametrize("name", ["unheard_of", "../params"])
def test_an_unknown_preset(name: str) -> None:
    with pytest.raises(RnnpipeError, match="there are lecture, sample"):
        use_preset(name, force=False)


def test_a_preset_with_a_mistake_is_not_used() -> None:
    use_preset("sample", force=False)
    Path("presets/broken.yaml").write_text("seed: one\n")
    with pytest.raises(RnnpipeError, match=r"presets/broken\.yaml: seed"):
        use_preset("broken", force=True)
    assert Path("params.yaml").read_text() == PRESET.format(title="sample")
