import sys
from pathlib import Path

import pytest

from rnnpipe.common.checkpoints import checkpoint_file, discard


def test_the_name_is_made_from_facts_inputs_and_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "input").write_text("a")

    def name(*facts: str) -> str:
        file = checkpoint_file("glove", "tiny", facts, [tmp_path / "input"], ".safetensors")
        assert file.parent == Path("checkpoints/glove/tiny")
        assert file.suffix == ".safetensors"
        return file.name

    names = [name("1"), name("2"), name("1", "2")]
    (tmp_path / "input").write_text("b")
    names.append(name("1"))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "rnnpipe.stages.encode", "--out", "a"])
    names.append(name("1"))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "rnnpipe.stages.tokenize", "--out", "rnnpipe.b/rnnpipe.c"])
    names.append(name("1"))
    assert len(set(names)) == 6
    assert name("1") == names[-1]


def test_discard_removes_all_checkpoints_of_a_run(tmp_path: Path) -> None:
    for file in ("a.ckpt", "b.ckpt"):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / file).touch()
    discard(tmp_path / "run" / "a.ckpt")
    discard(tmp_path / "run" / "a.ckpt")
    assert list(tmp_path.iterdir()) == []
