"""Stage check: refuse wrong parameters, and write down what every other stage depends on.

DVC passes over keys that it does not know, and would run each stage anew after a comment in a file that it depends on. So
the stages depend on what this one writes: on the values of their parameters and on the sum of their code.
"""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory, write_json
from rnnpipe.common.fingerprint import Code, locked_libraries, stage_sums
from rnnpipe.params import load_project
from rnnpipe.runner.leftovers import remove_leftovers
from rnnpipe.tasks.task import check_networks

logger = logging.getLogger(__name__)


def main(params: Path, stages: Path, lock: Path, source: Path, code: Path, entries: Path) -> None:
    """Write the sums of the parameters' entries to file `entries`, that of each stage's code to folder `code`; sweep."""
    values = load_project(params)
    check_networks(values)
    sums = stage_sums(stages, Code(source, locked_libraries(lock)))
    write_json(entries, values.entry_sums())
    with atomic_directory(code) as folder:
        for stage, digest in sums.items():
            (folder / stage).write_text(f"{digest}\n", encoding="utf-8", newline="\n")
    for path in remove_leftovers():
        logger.info("%s: removed, the leftover of a former run", path)


if __name__ == "__main__":
    run_stage(main)
