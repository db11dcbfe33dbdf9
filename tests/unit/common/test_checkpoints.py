from pathlib import Path

from rnnpipe.common.checkpoints import checkpoint_file, discard


def test_the_name_is_made_from_facts_inputs_and_code(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "code").mkdir()
    monkeypatch.setattr("rnnpipe.common.checkpoints.PACKAGE", tmp_path / "code")
    (tmp_path / "input").write_text("a")

    def name(*facts: str) -> str:
        file = checkpoint_file("glove", "tiny", facts, [tmp_path / "input"], ".safetensors")
        assert file.parent == Path("checkpoints/glove/tiny")
        assert file.suffix == ".safetensors"
        return file.name

    names = [name("1"), name("2"), name("1", "2")]
    (tmp_path / "input").write_text("b")
    names.append(name("1"))
    (tmp_path / "code" / "new.py").write_text("")
    names.append(name("1"))
    assert len(set(names)) == 5
    assert name("1") == names[-1]


def test_discard_removes_all_checkpoints_of_a_run(tmp_path: Path) -> None:
    for file in ("a.ckpt", "b.ckpt"):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / file).touch()
    discard(tmp_path / "run" / "a.ckpt")
    discard(tmp_path / "run" / "a.ckpt")
    assert list(tmp_path.iterdir()) == []
