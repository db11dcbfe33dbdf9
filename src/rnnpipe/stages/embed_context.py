"""Stage embed_context: the states of two language models at the words of a corpus, beside the vectors of another embedding."""

import shutil
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.params import find, load_params
from rnnpipe.text.encoded import EncodedCorpus


def main(name: str, encoded: Path, words: Path, models: Path, out: Path) -> None:
    """Make the entry `contextual.<name>`: `words` with the states of its language models, which lie in `models`."""
    from rnnpipe.inference.contextual import write_context

    entry = find(load_params().contextual, "contextual", name)
    readers = {"forward": models / entry.forward, "backward": models / entry.backward}
    with atomic_directory(out) as temporary:
        shutil.copytree(words, temporary, dirs_exist_ok=True)
        write_context(temporary, readers, EncodedCorpus.open(encoded))


if __name__ == "__main__":
    run_stage(main)
