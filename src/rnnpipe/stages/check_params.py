"""Stage check_params: refuse an unknown key or a wrong type in params.yaml before anything runs.

DVC passes over keys that it does not know, so the stages that others grow from depend on this one's output, whose text
is always the same: a change of params.yaml that passes the check makes nothing else stale.
"""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_file
from rnnpipe.params import load_params


def main(params: Path, out: Path) -> None:
    """Check the parameter file `params`, then write `out`."""
    load_params(params)
    with atomic_file(out) as temporary:
        temporary.write_text("every key and every type in params.yaml is one that rnnpipe knows\n", encoding="utf-8")


if __name__ == "__main__":
    run_stage(main)
