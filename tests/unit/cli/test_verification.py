import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.cli.verification import damages
from rnnpipe.common.files import sha256_of

DVC_SETTINGS = "[core]\n    analytics = false\n    check_update = false\n    no_scm = true\n[cache]\n    type = hardlink,copy\n"


def dvc(*arguments: str) -> None:
    subprocess.run([Path(sys.executable).parent / "dvc", *arguments, "--quiet"], check=True)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verified")
    (folder / ".dvc").mkdir()
    (folder / ".dvc/config").write_text(DVC_SETTINGS)
    train = "mkdir -p models/ner/a && cd models/ner/a && echo weights > model && echo '{}' > config && sha256sum * > SHA256SUMS"
    (folder / "train.sh").write_text(train)
    (folder / "dvc.yaml").write_text(
        "stages:\n  train: {cmd: sh train.sh, deps: [train.sh], outs: [models/ner/a]}\n"
        "  word: {cmd: echo word > word.txt, outs: [word.txt]}\n"
    )
    subprocess.run([Path(sys.executable).parent / "dvc", "repro", "--quiet"], cwd=folder, check=True)
    return folder


@pytest.fixture
def project(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(finished, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    return folder


def overwrite(path: Path, text: str) -> None:
    path.chmod(0o644)
    path.write_text(text)


def cached(text: str) -> Path:
    """Return the object in the cache with this content."""
    return next(path for path in Path(".dvc/cache/files/md5").glob("??/*") if path.read_text() == text)


def cure(line: str) -> None:
    """Do what the message says."""
    commands = re.findall(r"`(.*?)`", line)
    path = str(Path(sys.executable).parent)
    subprocess.run(commands[0], shell=True, check=True, env={"PATH": f"{path}:/usr/bin:/bin"}, capture_output=True)


def test_all_is_well(project: Path) -> None:
    assert damages() == []


def test_a_damaged_model_is_named_and_cured(project: Path) -> None:
    overwrite(Path("models/ner/a/model"), "weighty\n")
    Path("models/ner/a/config").unlink()
    found = damages()
    assert [line.split("; `")[0] for line in found] == [
        "models/ner/a/config: no such file",
        "models/ner/a/model: differs from its checksum in SHA256SUMS",
    ]
    cure(found[0])
    assert damages() == []


@pytest.mark.parametrize(("text", "owner"), [("weights\n", "models/ner/a/model"), ("word\n", "word.txt")])
def test_a_damaged_object_is_named_and_cured(project: Path, text: str, owner: str) -> None:
    damaged = cached(text)
    overwrite(damaged, "rotten!\n")
    (line,) = damages()
    assert damaged.as_posix() in line
    assert owner in line
    cure(line)
    assert damages() == []
    assert Path(owner).read_text() == text


def test_a_damaged_listing_is_named_and_cured(project: Path) -> None:
    (listing,) = Path(".dvc/cache/files/md5").glob("??/*.dir")
    overwrite(listing, "[")
    (line,) = damages()
    assert "models/ner/a" in line
    cure(line)
    assert damages() == []


def test_an_object_that_nothing_needs(project: Path) -> None:
    stray = Path(".dvc/cache/files/md5/ab/cdef")
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("stray")
    (line,) = damages()
    assert "no present output needs it" in line
    cure(line)
    assert damages() == []


def test_sums_are_those_of_sha256sum(project: Path) -> None:
    line = Path("models/ner/a/SHA256SUMS").read_text().splitlines()[1]
    assert line == f"{sha256_of(Path('models/ner/a/model'))}  model"


def test_a_file_changed_through_its_link_to_the_cache(project: Path) -> None:
    """With hard links an edited output is a damaged object: the object's cure comes first, and mends the model too."""
    Path("models/ner/a/model").unlink()
    Path("models/ner/a/model").hardlink_to(cached("weights\n"))
    overwrite(Path("models/ner/a/model"), "weighty\n")
    found = damages()
    assert len(found) == 2
    cure(found[0])
    assert damages() == []
