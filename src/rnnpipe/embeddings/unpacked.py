"""Files of vectors opened for reading, those that are compressed too."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.members import damage_told

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
OTHERS = {b"BZh": "bunzip2", b"\xfd7zXZ\0": "unxz", b"\x28\xb5\x2f\xfd": "unzstd", b"7z\xbc\xaf\x27\x1c": "7z x"}
"""First bytes of a compressed file → the command that unpacks it."""
TAR = slice(257, 262)
"""Where a tar archive says that it is one: `ustar`."""


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Open a file of vectors; gzip, and a zip archive of one file, are unpacked while they are read.

    Raises
    ------
    RnnpipeError
        The file is missing, damaged, or compressed in another way.
    """
    try:
        with path.open("rb") as file, damage_told(path), io.BufferedReader(_content(path, file), 2**20) as content:
            if content.peek(512)[TAR] == b"ustar":
                raise RnnpipeError(f"{path}: is a tar archive; unpack it: tar -xf {path.name}; then name a file of it as `file`")
            yield cast(BinaryIO, content)
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; fetch it, or put it there and `dvc add` its folder") from None
    except OSError as error:
        raise RnnpipeError(f"{path}: {error.strerror or error}; a file of vectors must stand there") from None


def _content(path: Path, file: BinaryIO) -> io.RawIOBase:
    """Return what a file holds once it is unpacked, by its first bytes, whatever its name says."""
    first = file.read(8)
    file.seek(0)
    if first.startswith(GZIP):
        return cast(io.RawIOBase, gzip.GzipFile(fileobj=file))
    if first.startswith(ZIP):
        return cast(io.RawIOBase, _only_member(path, zipfile.ZipFile(file)))
    for magic, command in OTHERS.items():
        if first.startswith(magic):
            raise RnnpipeError(f"{path}: is compressed; unpack it: {command} {path.name}; then name the unpacked one as `file`")
    return cast(io.RawIOBase, file)


def _only_member(path: Path, archive: zipfile.ZipFile) -> object:
    files = [info.filename for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        shown = ", ".join(files[:6])
        raise RnnpipeError(f"{path}: holds {len(files)} files ({shown}); unpack it: unzip {path.name}; then name one as `file`")
    return archive.open(files[0])
