"""A job of Snakemake: `python -m rnnpipe.runner.job STAGE` has DVC run one stage, restore it from its cache, or skip it.

It is what `dvc repro --single-item` does, but of dvc.lock only the stage's own entry is read and written: all entries take DVC
longer than most stages take themselves, and meanwhile no other stage can begin or end.
"""

import sys

from rnnpipe.runner.lock_file import read_entry, write_entry


def reproduce(name: str) -> None:
    """Bring the outputs of a stage of the project in the working directory up to date.

    Parameters
    ----------
    name : str
        As DVC names it, such as `train_sentiment@lstm`.

    Raises
    ------
    dvc.exceptions.DvcException
        The stage failed, or dvc.yaml has no such stage.
    OSError
        An input is missing, or the disk is full.
    """
    from dvc.dvcfile import load_file
    from dvc.repo import Repo, lock_repo
    from dvc.stage.serialize import to_single_stage_lockfile

    with Repo(".", _wait_for_lock=True) as repository, lock_repo(repository), repository.scm_context():
        file = load_file(repository, "dvc.yaml")
        stage = file.LOADER(file, file.contents, {"stages": {name: read_entry(name)}})[name]
        if stage.reproduce():
            write_entry(name, to_single_stage_lockfile(stage))
            repository.scm_context.track_file("dvc.lock")


def main() -> None:
    """Run the stage that the command line names; a failure is one line behind what the stage itself said."""
    from dvc.exceptions import DvcException

    try:
        reproduce(sys.argv[1])
    except (DvcException, OSError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
