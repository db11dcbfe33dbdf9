"""Which modules of rnnpipe a module imports, read from the source, imports inside functions too."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"


def all_modules() -> dict[str, Path]:
    """Return dotted name → file of every module of rnnpipe."""
    modules = {}
    for path in sorted((SOURCE / "rnnpipe").rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


@cache
def imported_names(module: str) -> frozenset[str]:
    """Return what a module imports by dotted name; of `from a import b` both `a` and `a.b`, of `__path__` what lies there."""
    names = set()
    for node in ast.walk(ast.parse(all_modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module}: relative import"
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Name) and node.id == "__path__":
            names |= {name for name in all_modules() if name.rpartition(".")[0] == module}
    return frozenset(names)


@cache
def imports(module: str) -> frozenset[str]:
    """Return the modules of rnnpipe that a module imports directly."""
    return frozenset(imported_names(module) & all_modules().keys())


def closure(module: str) -> set[str]:
    """Return all modules of rnnpipe that running a module loads, itself included."""
    found, queue = set(), [module]
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += imports(name)
    return found


def third_party(module: str) -> set[str]:
    """Return the top-level packages that running a module may load."""
    return {name.split(".")[0] for part in closure(module) for name in imported_names(part)}
