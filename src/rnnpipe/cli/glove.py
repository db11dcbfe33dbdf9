"""GloVe vectors of a plain text in one go, without the pipeline."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.tables import write_csv
from rnnpipe.embeddings.counting.cooccurrence import count_shard, merge_counts, read_entries
from rnnpipe.embeddings.glove.fit import fit_glove, word_vectors
from rnnpipe.embeddings.vectors import save_vectors
from rnnpipe.params import CooccurrenceSettings, GloVeRun
from rnnpipe.text.plain import read_plain
from rnnpipe.text.vocabulary import RESERVED


def glove_of_text(text: Path, out: Path, settings: CooccurrenceSettings, run: GloVeRun, min_count: int, threads: int) -> int:
    """Count the pairs of words of a text, fit vectors to them, and write an embedding directory; return how many words.

    Parameters
    ----------
    text : Path
        UTF-8, words apart by white space, a document a line.
    out : Path
        Directory to write, which may not exist; some GB of counts stand beside it meanwhile.
    settings : CooccurrenceSettings
        `window`, `symmetric` and `memory_mb` are read.
    run : GloVeRun
    min_count : int
        Rarer words are `<unk>`.
    threads : int
        Does not change the result.

    Raises
    ------
    RnnpipeError
        `out` exists, or the text is missing, damaged or too short.
    """
    if out.exists():
        raise RnnpipeError(f"{out}: exists already; name another directory with --out")
    with atomic_directory(out) as temporary, TemporaryDirectory(prefix=".counts.", dir=out.parent) as folder:
        encoded, counted, counts = (Path(folder) / name for name in ("encoded", "counted", "counts"))
        for path in (encoded, counted, counts):
            path.mkdir()
        split, vocabulary = read_plain(text, encoded, min_count=min_count)
        count_shard([split], vocabulary, settings, counted, threads=threads)
        merge_counts([counted], counts, settings, threads)
        fit = fit_glove(partial(read_entries, counts), len(vocabulary), run, run.seed, threads)
        words, vectors, parts = word_vectors(fit, vocabulary, run)
        save_vectors(temporary, words, vectors, {"kind": "glove", "window": settings.window, **run.model_dump()}, parts)
        write_csv(temporary / "history.csv", ("epoch", "loss"), enumerate(fit.losses, start=1))
    return len(words) - len(RESERVED)
