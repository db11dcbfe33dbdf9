"""Formulas become MathML while the pages are built: browsers draw it themselves, without a script or a font from elsewhere."""

import re
from html import unescape

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

FORMULA = re.compile(r'<(?:span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</(?:span|div)>', re.DOTALL)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Convert what pymdownx.arithmatex marked."""
    return FORMULA.sub(lambda found: convert(unescape(found[2]), display="inline" if found[1] == "(" else "block"), html)
