"""DVC's view of the project in the working directory."""

import contextlib
from collections.abc import Iterator
from typing import Any

from rnnpipe.common.errors import RnnpipeError


@contextlib.contextmanager
def dvc_repository() -> Iterator[Any]:
    """Open DVC's repository; its errors are one line for the user. Reading takes none of DVC's locks."""
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo(".") as repository:
            yield repository
    except DvcException as error:
        raise RnnpipeError(f"dvc.yaml: {str(error).splitlines()[0]}") from None
