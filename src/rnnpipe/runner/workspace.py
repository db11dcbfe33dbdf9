"""The files and parameters of the working directory, held against what dvc.lock says of them."""

from functools import cache
from typing import Any

from rnnpipe.common.files import sha256_of_tree
from rnnpipe.runner.project import parameter_values, read_document


class Workspace:
    """The files of the working directory, each read once."""

    def __init__(self) -> None:
        self.checksum = cache(sha256_of_tree)
        self._document = cache(read_document)

    def values(self, dependency: Any) -> dict[str, Any]:
        """Return name → value of the parameters that a stage depends on, without those that the file lacks."""
        return parameter_values(self._document(dependency.def_path), dependency.params)

    def is_up_to_date(self, stage: Any) -> bool:
        """Say whether dvc.lock knows this command with these parameters and inputs, and the workspace holds what it made."""
        return not stage.cmd_changed and not any(map(self._is_changed, (*stage.deps, *stage.outs)))

    def _is_changed(self, dependency: Any) -> bool:
        """Say whether a parameter or a file is another one than in dvc.lock.

        Parameters are compared here: DVC parses their file anew for each of them.
        """
        if is_parameter(dependency):
            return bool(self.values(dependency) != dependency.hash_info.value)
        return bool(dependency.status())


def is_parameter(dependency: Any) -> bool:
    """Tell the parameters among a stage's dependencies from its files."""
    from dvc.dependency import ParamsDependency

    return isinstance(dependency, ParamsDependency)
