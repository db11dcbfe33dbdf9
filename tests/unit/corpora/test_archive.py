"""Archives: what is wanted comes out under our names, and nothing ever lands outside."""

import gzip
import io
import json
import stat
import tarfile
import zipfile

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.archive import extract

FILES = {
    "top/train/pos/10_9.txt": "ten",
    "top/train/neg/2_1.txt": "zwei ü",
    "top/train/pos/9_8.txt": "nine\n",
    "top/readme": "hi",
}


def make(path, files, special=()):
    """Write an archive of the kind that its suffix says; `special` are TarInfo objects without content."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return path
    with tarfile.open(path, "w:gz" if path.suffix in {".gz", ".tgz"} else "w") as archive:
        for info in special:
            archive.addfile(info)
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def special(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "deep" / "out"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz"])
def test_members_and_gathered_members(tmp_path, out, name):
    archive = make(tmp_path / name, FILES)
    extract(archive, {"notes/r.txt": "top/readme", "train.jsonl": "top/train/{label:neg|pos}/{id}_{rating}.txt"}, out)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == ["notes/r.txt", "train.jsonl"]
    assert (out / "notes/r.txt").read_text() == "hi"
    assert [json.loads(line) for line in (out / "train.jsonl").read_text().splitlines()] == [
        {"id": "2", "label": "neg", "rating": "1", "text": "zwei ü"},
        {"id": "9", "label": "pos", "rating": "8", "text": "nine\n"},
        {"id": "10", "label": "pos", "rating": "9", "text": "ten"},
    ]


def test_the_order_in_the_archive_does_not_matter(tmp_path, out):
    wanted = {"t.jsonl": "top/train/{label}/{id}_{rating}.txt"}
    extract(make(tmp_path / "a.tar", FILES), wanted, out)
    first = (out / "t.jsonl").read_bytes()
    extract(make(tmp_path / "b.zip", dict(reversed(FILES.items()))), wanted, out)
    assert (out / "t.jsonl").read_bytes() == first


def test_plain_and_compressed_files_are_their_own_member(tmp_path, out):
    (tmp_path / "v.txt").write_text("plain")
    (tmp_path / "w.txt.gz").write_bytes(gzip.compress(b"packed"))
    extract(tmp_path / "v.txt", {"a.txt": "v.txt"}, out)
    extract(tmp_path / "w.txt.gz", {"b.txt": "w.txt"}, out)
    assert [(out / name).read_text() for name in ("a.txt", "b.txt")] == ["plain", "packed"]


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
@pytest.mark.parametrize("name", ["../x", "/etc/x", "top/../../x", "..\\x", "C:\\x"])
def test_a_member_outside_refuses_the_archive(tmp_path, out, suffix, name):
    archive = make(tmp_path / f"a{suffix}", {"wanted": "1", name: "evil"})
    with pytest.raises(RnnpipeError, match="leads outside of the target folder; archive refused"):
        extract(archive, {"w": "wanted"}, out)
    assert not list(tmp_path.rglob("x"))


@pytest.mark.parametrize(
    "info",
    [
        special("top/l", tarfile.SYMTYPE, "../../etc/passwd"),
        special("top/l", tarfile.SYMTYPE, "/etc/passwd"),
        special("top/l", tarfile.LNKTYPE, "../etc/passwd"),
        special("top/l", tarfile.LNKTYPE, "/etc/passwd"),
    ],
)
def test_a_link_that_points_outside_refuses_the_archive(tmp_path, out, info):
    archive = make(tmp_path / "a.tar", {"wanted": "1"}, [info])
    with pytest.raises(RnnpipeError, match="member 'top/l' leads outside"):
        extract(archive, {"w": "wanted"}, out)


@pytest.mark.parametrize(
    "info",
    [
        special("w", tarfile.SYMTYPE, "other"),
        special("w", tarfile.LNKTYPE, "other"),
        special("w", tarfile.FIFOTYPE),
        special("w", tarfile.CHRTYPE),
        special("w", tarfile.DIRTYPE),
    ],
)
def test_what_is_no_file_is_not_extracted(tmp_path, out, info):
    archive = make(tmp_path / "a.tar", {"other": "1"}, [info])
    extract(archive, {"o": "other"}, out)
    assert [path.name for path in out.iterdir()] == ["o"]
    with pytest.raises(RnnpipeError, match="'w' is a link, a folder or a device, not a file"):
        extract(archive, {"w": "w"}, out)


def test_a_link_in_a_zip_is_looked_at(tmp_path, out):
    link = zipfile.ZipInfo("top/l")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "../../x")
    with pytest.raises(RnnpipeError, match="'top/l' leads outside"):
        extract(tmp_path / "a.zip", {"w": "w"}, out)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.txt.gz"])
def test_a_damaged_archive_is_one_line(tmp_path, out, name):
    text = "".join(str(number) for number in range(20_000))
    if name == "a.txt.gz":
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    else:
        make(tmp_path / name, {"a.txt": text})
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(RnnpipeError, match=rf"{name}: damaged or cut off .*; delete it and fetch it again"):
        extract(tmp_path / name, {"a": "a.txt"}, out)
    (tmp_path / name).write_bytes(b"<html>not found</html>")
    with pytest.raises(RnnpipeError, match="damaged or cut off"):
        extract(tmp_path / name, {"a": "a.txt"}, out)


def test_wishes_that_cannot_be_met(tmp_path, out):
    archive = make(tmp_path / "a.zip", FILES)
    with pytest.raises(RnnpipeError, match=r"no member fits 'top/\{x\}\.csv'"):
        extract(archive, {"a": "top/{x}.csv"}, out)
    for target in ("../a", "/a", "b/../../a", ""):
        with pytest.raises(RnnpipeError, match="is not a name below"):
            extract(archive, {target: "top/readme"}, out)
    with pytest.raises(RnnpipeError, match="byte 2 is not UTF-8"):
        extract(make_bytes(tmp_path / "b.tar", "t/1.txt", b"a\xff"), {"a": "t/{id}.txt"}, out)


def make_bytes(path, name, content):
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
        archive.addfile(info, io.BytesIO(content))
    return path


def test_a_member_that_stands_twice_is_refused(tmp_path, out):
    with pytest.raises(RnnpipeError, match="holds member 't' twice"):
        extract(make_bytes(tmp_path / "a.tar", "t", b"x"), {"a": "t"}, out)
