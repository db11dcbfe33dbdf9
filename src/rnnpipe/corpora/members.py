"""The members of an archive, whatever its kind, and nothing but their bytes.

`tarfile`'s own extraction and its filters are not used: those of Python 3.11.7 can be got around (CVE-2025-4517, CVE-2026-11940).
"""

import errno
import gzip
import posixpath
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, cast

from rnnpipe.common.errors import RnnpipeError

TAR = (".tar", ".tar.gz", ".tgz")
DAMAGE = (
    *(tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, struct.error),
    *(EOFError, RuntimeError, NotImplementedError, ValueError, IndexError, OverflowError),
)
"""What the standard library raises on an archive that is cut off, damaged or encrypted."""
NO_PLACE = (errno.EINVAL, errno.EISDIR)
"""Errors of the system where an archive points to a place that no file has, or is a folder."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive."""

    name: str
    regular: bool
    """False: a folder, link, device or pipe."""
    link: str | None
    """Where a link points, from the archive's root; None for all else."""
    open: Callable[[], IO[bytes]]
    """Opens a regular member for reading; to be called before the next member is asked for."""


def read_members(archive: Path) -> Iterator[Member]:
    """Yield the members of a .zip or .tar(.gz) in their order; any other file, or what a .gz holds, is its own only member.

    Raises
    ------
    RnnpipeError
        A member or a link leads outside of the archive's own folder, or the archive is damaged.
    """
    name = archive.name.lower()
    if name.endswith(".zip"):
        members = _zip_members(archive)
    elif name.endswith(TAR):
        members = _tar_members(archive)
    else:
        members = _single_member(archive)
    with damage_told(archive):
        for member in members:
            _refuse_outside(archive, member)
            yield member


@contextmanager
def damage_told(archive: Path) -> Iterator[None]:
    """Turn what the standard library raises on a damaged archive into one line."""
    try:
        yield
    except (*DAMAGE, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile) and error.errno not in NO_PLACE:
            raise  # a full disk, say
        told = " ".join(str(error).split()) or type(error).__name__
        raise RnnpipeError(f"{archive}: damaged or cut off ({told}); delete it and fetch it again") from None


def _refuse_outside(archive: Path, member: Member) -> None:
    if _leads_outside(member.name) or (member.link is not None and _leads_outside(member.link)):
        raise RnnpipeError(f"{archive}: member {member.name!r} leads outside of the target folder; archive refused")


def _leads_outside(name: str) -> bool:
    path = posixpath.normpath(name.replace("\\", "/"))
    return path.startswith(("/", "../")) or path == ".." or path[1:2] == ":"


def _zip_members(archive: Path) -> Iterator[Member]:
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            mode = info.external_attr >> 16
            link = _from_root(info.filename, file.read(info).decode(errors="replace")) if stat.S_ISLNK(mode) else None
            regular = not info.is_dir() and (stat.S_IFMT(mode) == 0 or stat.S_ISREG(mode))
            yield Member(info.filename, regular, link, partial(file.open, info))


def _from_root(link: str, target: str) -> str:
    """Return where a symbolic link points, which it says from its own folder."""
    return posixpath.join(posixpath.dirname(link), target)


def _tar_members(archive: Path) -> Iterator[Member]:
    with tarfile.open(archive, "r:*") as file:
        for info in file:
            link = None
            if info.islnk():
                link = info.linkname
            elif info.issym():
                link = _from_root(info.name, info.linkname)
            yield Member(info.name, info.isreg(), link, partial(_open_in_tar, file, info))


def _open_in_tar(file: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    content = file.extractfile(info)
    if content is None:
        raise tarfile.ReadError(f"{info.name!r} holds no bytes")
    return content


def _single_member(archive: Path) -> Iterator[Member]:
    compressed = archive.suffix == ".gz"
    yield Member(archive.stem if compressed else archive.name, True, None, partial(_open_file, archive, compressed))


def _open_file(path: Path, compressed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if compressed else path.open("rb")
