"""One sum for a stage's code, which comments, docstrings, formatting and the interpreter do not change.

A stage's code is every module that stands in its command, with all that these import within the package, the data files of
these modules' folders, and the versions of the libraries that they import.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError

PACKAGE = Path(__file__).parent.parent

BESIDE = ("params", "tracking", "common.fingerprint")
"""No part of a stage's code: parameters enter as values, tracking decides nothing, and a sum taken in another way is another."""

LAYOUT = ("ctx", "kind", "type_comment", "type_ignores", "type_params")
"""Fields of the syntax tree that say how a thing is written or used, or that not every version of Python has."""

Libraries = Mapping[str, tuple[str, ...]]
"""Name that is imported → `distribution==version` of what provides it."""


class Code:
    """The modules of a package, read from their source; nothing is imported.

    Parameters
    ----------
    package : Path
        The package's folder, named as the package.
    libraries : mapping
        See `locked_libraries`; what is not in it is left out of the sums.
    """

    def __init__(self, package: Path = PACKAGE, libraries: Libraries = {}) -> None:  # noqa: B006 - is not changed
        self._package = package
        self._libraries = libraries
        self._trees = {package.name: ast.Module([], [])}  # the door for people's own programs, which no stage goes through
        self._imported: dict[str, set[str]] = {}
        self._canonical: dict[str, str] = {}

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Dotted name → file of every module."""
        found = {}
        for path in sorted(self._package.rglob("*.py")):
            parts = [self._package.name, *path.relative_to(self._package).with_suffix("").parts]
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        return found

    def named(self, command: str) -> list[str]:
        """Return the modules that stand in a command, in alphabetical order."""
        names = sorted(set(re.findall(rf"(?<!\S){self._package.name}(?:\.\w+)+(?!\S)", command)))
        for name in names:
            if name not in self.modules:
                raise RnnpipeError(f"{name}: no such module, but a command names it: {command}")
        return names

    def closure(self, roots: Iterable[str]) -> set[str]:
        """Return the modules that running the given ones loads, themselves and the packages around them included."""
        found, queue = set[str](), list(roots)
        while queue:
            name = queue.pop()
            if name in found or name not in self.modules:
                continue
            queue.append(name.rpartition(".")[0])
            if not self._is_beside(name):
                found.add(name)
                queue += self.imported(name)
        return found

    def imported(self, module: str) -> set[str]:
        """Return all dotted names that a module imports, in functions too; of `from a import b` both, of `__path__` all in it."""
        if module in self._imported:
            return self._imported[module]
        names = self._imported[module] = set()
        for node in ast.walk(self._tree(module)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                source = self._source(module, node)
                names |= {source} | {f"{source}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Name) and node.id == "__path__":
                names |= {name for name in self.modules if name.rpartition(".")[0] == module}
        return names

    def sum(self, roots: Iterable[str]) -> str:
        """Return the sha256, in hexadecimal, of the code that running the given modules loads."""
        modules = self.closure(roots)
        lines = {f"{name} {self._sum_of_module(name)}" for name in modules}
        for name in modules:
            for imported in self.imported(name):
                lines |= set(self._libraries.get(imported.partition(".")[0], ()))
        for folder in {self.modules[name].parent for name in modules}:
            lines |= {f"{path.relative_to(self._package).as_posix()} {_sum(path.read_bytes())}" for path in _data_files(folder)}
        return _sum("\n".join(sorted(lines)).encode())

    def _is_beside(self, module: str) -> bool:
        return f"{module.partition('.')[2]}.".startswith(tuple(f"{name}." for name in BESIDE))

    def _source(self, module: str, node: ast.ImportFrom) -> str:
        """Return the module that `from … import` names, dots in front resolved."""
        if not node.level:
            return node.module or ""
        up = node.level - (self.modules[module].name == "__init__.py")
        around = module.split(".")[: -up or None]
        return ".".join([*around, *([node.module] if node.module else [])])

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            self._trees[module] = ast.parse(self.modules[module].read_bytes(), str(self.modules[module]))
        return self._trees[module]

    def _sum_of_module(self, module: str) -> str:
        if module not in self._canonical:
            self._canonical[module] = _sum(canonical(self._tree(module)).encode())
        return self._canonical[module]


def canonical(node: Any) -> str:
    """Return a syntax tree as text, without what changes nothing; the same under every version of Python that can read it."""
    if isinstance(node, list):
        return "[" + ", ".join(canonical(part) for part in node if not _is_remark(part)) + "]"
    if not isinstance(node, ast.AST):
        return ascii(node)  # other than repr, it does not depend on which letters a Python knows
    fields = {name: value for name, value in ast.iter_fields(node) if name not in LAYOUT}
    if isinstance(node, ast.JoinedStr):
        fields["values"] = list(_whole_texts(node.values))
    texts = {name: canonical(value) for name, value in fields.items() if value is not None}
    inside = ", ".join(f"{name}={text}" for name, text in texts.items() if text not in ("[]", "JoinedStr()"))
    return f"{type(node).__name__}({inside})"


def running_code() -> str:
    """Return the sum of the code of the stage that this process was started for, libraries apart; elsewhere that of nothing."""
    code = Code()
    return code.sum(code.named(" ".join(sys.orig_argv)))


def stage_sums(stages: Path, code: Code) -> dict[str, str]:
    """Return stage → sum of its code, for every stage of a dvc.yaml whose command names a module of the package."""
    from ruamel.yaml import YAML

    entries = YAML(typ="safe", pure=True).load(stages)["stages"]
    commands = {name: entry.get("do", entry)["cmd"] for name, entry in entries.items()}
    named = {name: code.named(" ".join([cmd] if isinstance(cmd, str) else cmd)) for name, cmd in commands.items()}
    return {name: code.sum(modules) for name, modules in named.items() if modules}


def locked_libraries(lock: Path) -> Libraries:
    """Return what each importable name is provided by, in the versions of a lock file; builds (`+cpu`) are the same version."""
    from importlib.metadata import packages_distributions

    locked = dict(re.findall(r"^([\w.-]+)==([^\s;+]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
    versions = {_normal(name): version for name, version in locked.items()}
    provided = {name: sorted({_normal(owner) for owner in owners}) for name, owners in packages_distributions().items()}
    pinned = {owner: f"{owner}=={version}" for owner, version in versions.items()}
    return {name: tuple(pinned[owner] for owner in owners if owner in pinned) for name, owners in provided.items()}


def _is_remark(node: Any) -> bool:
    """Whether a statement is a text that nobody uses, such as a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _whole_texts(parts: list[ast.expr]) -> Iterator[ast.expr]:
    """Yield the parts of an f-string with neighbouring texts as one: where they are cut differs between versions of Python."""
    text = ""
    for part in parts:
        if isinstance(part, ast.Constant):
            text += str(part.value)
            continue
        if text:
            yield ast.Constant(text)
        text = ""
        yield part
    if text:
        yield ast.Constant(text)


def _data_files(folder: Path) -> list[Path]:
    """Return the files of a package's folder that are no Python."""
    files = [path for path in folder.iterdir() if path.is_file() and path.suffix not in (".py", ".pyc")]
    return [path for path in files if path.name != "py.typed" and not path.name.startswith(".")]


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
