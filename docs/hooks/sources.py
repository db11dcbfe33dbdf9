"""Code of the package in a page: the true lines, found by name, so that they cannot age.

A line that is a link with a title, `[layers/fused.py](../src/rnnpipe/layers/fused.py "FusedLSTM")`, becomes the file's class or
function of that name. Where pages are read as plain Markdown, it is a link to the file.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

LINK = re.compile(r'^\[([^]]+)\]\((?:\.\./)+(src/[^) ]+\.py) "([\w.]+)"\)$', re.MULTILINE)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the code in the place of the links."""
    root = Path(config.config_file_path).parent

    def code(found: re.Match[str]) -> str:
        try:
            lines = source_of((root / found[2]).read_text(encoding="utf-8"), found[3])
        except (OSError, KeyError):
            raise PluginError(f"{page.file.src_path}: {found[2]}: there is no {found[3]}") from None
        return f'```python title="{found[2]}: {found[3]}"\n{lines}\n```'

    return LINK.sub(code, markdown)


def source_of(text: str, name: str) -> str:
    """Return the lines of a class, a function or a value of a module, without the indentation of the first; docstrings too.

    Raises
    ------
    KeyError
        There is none of this name.
    """
    node: Any = ast.parse(text)
    for part in name.split("."):
        node = {key: other for other in node.body for key in _names(other)}[part]
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
