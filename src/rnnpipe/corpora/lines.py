r"""Lines of a UTF-8 file, one at a time, with an error that says where a file is not what it should be."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError


def read_lines(path: Path) -> Iterator[str]:
    r"""Yield the lines of a file without their ends.

    A line ends at "\n" or "\r\n" and nowhere else: U+2028, form feed or a lone "\r" stand inside a line. In a file without
    any "\n" each "\r" ends one. A byte order mark at the start is skipped. Only one line is in memory at a time.

    Raises
    ------
    RnnpipeError
        The file is missing, UTF-16, holds a NUL, or a byte that is not UTF-8 (names file, line and byte, from 1).
    """
    try:
        with path.open("rb") as file:
            yield from decode_lines(file, str(path))
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; put it there and run `dvc add {path.parent}`") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise RnnpipeError(f"{path}: {reason}; a text file must stand there") from None


def decode_lines(lines: Iterable[bytes], name: str) -> Iterator[str]:
    """Yield lines of bytes as text; `name` is what errors call their source. See `read_lines`."""
    for number, line in enumerate(_cut_at_returns(lines), start=1):
        content = line
        if number == 1:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise RnnpipeError(f"{name}: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
            content = line.removeprefix(codecs.BOM_UTF8)
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            at = error.start + len(line) - len(content)
            raise RnnpipeError(f"{name}:{number}:{at + 1}: byte 0x{line[at]:02x} is not UTF-8; save the file as UTF-8") from None
        if "\0" in text:
            raise RnnpipeError(f"{name}:{number}:{line.index(0) + 1}: a NUL byte; a text file holds none, take it out")
        yield text.removesuffix("\n").removesuffix("\r")


def _cut_at_returns(lines: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the lines; where there is but one, without "\n" at its end, it is cut at each "\r"."""
    for number, line in enumerate(lines):
        if number or line.endswith(b"\n"):
            yield line
        else:
            yield from line.removesuffix(b"\r").split(b"\r")


def read_whole(path: Path) -> str:
    r"""Return a whole file as one text, its lines joined by "\n"; raises as `read_lines` does."""
    return "\n".join(read_lines(path))
