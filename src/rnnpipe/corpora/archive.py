"""Takes the wanted members out of an archive, under names of our choice, and nothing else."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.members import Member, damage_told, read_members
from rnnpipe.corpora.patterns import compile_pattern, has_placeholders, natural_key


def extract(archive: Path, wanted: Mapping[str, str], out: Path) -> None:
    """Copy members of an archive.

    Parameters
    ----------
    archive : Path
        A .zip, .tar, .tar.gz or .tgz; a plain or .gz file is its own only member.
    wanted : mapping of str to str
        File to be written, below `out` → member. A pattern with placeholders gathers the text of all members that it fits
        into one JSON-lines file: an object a line, the placeholders and `text`, in natural order of the members' names.
    out : Path
        Existing folder.

    Raises
    ------
    RnnpipeError
        A member leads outside, is wanted but no regular file, or is not found; the archive is damaged.
    """
    with ExitStack() as files:
        targets = [_target(target, pattern, out, files) for target, pattern in wanted.items()]
        for member in read_members(archive):
            for target in targets:
                target.offer(archive, member)
        for target in targets:
            target.finish(archive)


class _Target:
    """A file to be written, and what was found for it so far."""

    def __init__(self, path: Path, pattern: str) -> None:
        self.path = path
        self.pattern = pattern
        self.expression = compile_pattern(pattern)
        self.found: set[str] = set()

    def offer(self, archive: Path, member: Member) -> None:
        name = member.name.removeprefix("./")
        match = self.expression.fullmatch(name)
        if match is None:
            return
        if not member.regular:
            raise RnnpipeError(f"{archive}: member {name!r} is a link, a folder or a device, not a file; archive refused")
        if name in self.found:
            raise RnnpipeError(f"{archive}: holds member {name!r} twice; archive refused")
        self.found.add(name)
        with damage_told(archive), member.open() as content:
            self.take(f"{archive}:{name}", match, content)

    def take(self, where: str, match: re.Match[str], content: IO[bytes]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("wb") as file:
            shutil.copyfileobj(content, file)

    def finish(self, archive: Path) -> None:
        if not self.found:
            raise RnnpipeError(f"{archive}: no member fits {self.pattern!r}; see what it holds and mend extract")


class _GatheredTarget(_Target):
    """A JSON-lines file. The lines wait in a temporary file, since an archive's order is not that of the names."""

    def __init__(self, path: Path, pattern: str, waiting: IO[bytes]) -> None:
        super().__init__(path, pattern)
        self.waiting = waiting
        self.positions: list[tuple[str, int, int]] = []

    def take(self, where: str, match: re.Match[str], content: IO[bytes]) -> None:
        try:
            text = content.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RnnpipeError(f"{where}: byte {error.start + 1} is not UTF-8; the archive is not what it should be") from None
        record = {**match.groupdict(), "text": text}
        line = json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        self.positions.append((match.string, self.waiting.tell(), len(line)))
        self.waiting.write(line)

    def finish(self, archive: Path) -> None:
        super().finish(archive)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("wb") as file:
            for _, start, length in sorted(self.positions, key=lambda position: natural_key(position[0])):
                self.waiting.seek(start)
                file.write(self.waiting.read(length))


def _target(target: str, pattern: str, out: Path, files: ExitStack) -> _Target:
    parts = PurePosixPath(target).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in target:
        raise RnnpipeError(f"params.yaml: extract: target {target!r} is not a name below data/raw/<corpus>/")
    if has_placeholders(pattern):
        return _GatheredTarget(out / target, pattern, files.enter_context(tempfile.TemporaryFile(dir=out)))
    return _Target(out / target, pattern)
