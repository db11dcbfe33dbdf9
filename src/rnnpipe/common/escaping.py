"""Text that other people wrote, made fit to be shown on a terminal."""

import re

CONTROLS = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves the cursor, ends a line, or turns the direction of what follows."""


def escaped(text: str) -> str:
    r"""Return a text as one line without control characters: a tab is written `\t`, an escape `\x1b`."""
    return CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)
