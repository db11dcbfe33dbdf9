"""The pages that people read, and what stands in them: code blocks, headings, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
FENCE = re.compile(r"^( *)```(\w*).*\n((?:.*\n)*?)\1```$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    page: str
    line: int
    """Of its first line of code."""
    heading: str
    """The one that it stands below."""
    language: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@cache
def blocks(page: str) -> list[Block]:
    """Return the blocks of a page in their order."""
    text = read(page)
    found = []
    for match in FENCE.finditer(text):
        before = text[: match.start()]
        heading = re.findall(r"^#+ (.*)$", FENCE.sub("", before), re.MULTILINE)[-1]
        found.append(Block(page, before.count("\n") + 2, heading, match[2], match[3]))
    return found


def prose(page: str) -> str:
    """Return a page without its blocks of code."""
    return FENCE.sub("", read(page))


def commands(block: Block) -> list[str]:
    """Return the commands of a block of shell code: lines that end in a backslash joined, remarks left out."""
    lines = block.text.replace("\\\n", "").splitlines()
    return [re.sub(r"\s+", " ", command) for line in lines if (command := re.sub(r"(^|\s)#.*", "", line).strip())]
