"""The one kind of error that a user of rnnpipe is meant to read."""

import re

from rnnpipe.common.escaping import escaped


class RnnpipeError(Exception):
    """A mistake in the user's input: one line that says what is wrong, where, and how to mend it.

    Stages and commands print the message without a traceback and exit with status 1. Whatever words of the input it names, it
    is one line: lines are joined by a space, and control characters are escaped.
    """

    def __init__(self, message: str) -> None:
        super().__init__(escaped(re.sub(r"\s*\n\s*", " ", message.strip())))
