"""Patterns of file names with placeholders, such as `train/{label:neg|pos}/{id}_{rating}.txt`."""

import re
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError

PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)(?::([^{}]*))?\}")


def has_placeholders(pattern: str) -> bool:
    """Say whether a name is a pattern."""
    return "{" in pattern


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return a regular expression with a named group for each placeholder.

    `{name}` stands for any characters but a slash, at least one; `{name:a|b}` for one of the alternatives `a` and `b`.

    Raises
    ------
    RnnpipeError
        Braces that hold no placeholder, or two placeholders of one name.
    """
    parts, end = [], 0
    for match in PLACEHOLDER.finditer(pattern):
        name, alternatives = match.groups()
        allowed = "[^/]+" if alternatives is None else "|".join(map(re.escape, alternatives.split("|")))
        parts += [_literal(pattern, pattern[end : match.start()]), f"(?P<{name}>{allowed})"]
        end = match.end()
    parts.append(_literal(pattern, pattern[end:]))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise RnnpipeError(f"pattern {pattern!r}: {error}") from None


def _literal(pattern: str, text: str) -> str:
    if "{" in text or "}" in text:
        raise RnnpipeError(f"pattern {pattern!r}: braces hold a placeholder: {{name}} or {{name:a|b}}")
    return re.escape(text)


def natural_key(name: str) -> tuple[str | int, ...]:
    """Return a key that sorts numbers inside names by their value: `2_9.txt` before `10_1.txt`."""
    return tuple(int(part) if number % 2 else part for number, part in enumerate(re.split(r"([0-9]+)", name)))


def matching_files(folder: Path, pattern: str) -> list[tuple[Path, dict[str, str]]]:
    """Return the files below a folder whose names fit a pattern, with the values of its placeholders, in natural order.

    Raises
    ------
    RnnpipeError
        No file fits.
    """
    expression = compile_pattern(pattern)
    names = sorted((path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()), key=natural_key)
    found = [(folder / name, match.groupdict()) for name in names if (match := expression.fullmatch(name))]
    if not found:
        raise RnnpipeError(f"{folder}: no file fits {pattern!r}; put the files there and run `dvc add {folder}`")
    return found
