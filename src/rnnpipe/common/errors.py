"""The one kind of error that a user of rnnpipe is meant to read."""


class RnnpipeError(Exception):
    """A mistake in the user's input: one line that says what is wrong, where, and how to mend it.

    Stages and commands print the message without a traceback and exit with status 1.
    """
