"""Stage fetch_corpus: get a corpus from a local mirror or from its publisher, and take the wanted files out of the archive."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.corpora.archive import extract
from rnnpipe.corpora.download import find_file
from rnnpipe.params import find, load_params


def main(corpus: str, out: Path, downloads: Path = Path("downloads")) -> None:
    """Fill folder `out` with the files of entry `corpus` of params.yaml's downloads; archives are kept in `downloads`."""
    download = find(load_params().downloads, "downloads", corpus)
    archive = find_file(download, downloads)
    with atomic_directory(out) as folder:
        extract(archive, download.extract, folder)


if __name__ == "__main__":
    run_stage(main)
