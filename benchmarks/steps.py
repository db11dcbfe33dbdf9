"""One measured step of rnnpipe in a process of its own: `steps.py NAME SETTINGS`, both read by process.step.

Numba compiles a kernel at its first call; each step is first run on a few lines, so that no compilation is timed.
"""

import json
import logging
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

Figures = dict[str, Any]
WARM_UP = "a b c a b\nb c d\n"


def memory(threads: int) -> Figures:
    """Measure the memory itself."""
    from machine import memory_bandwidth

    return {"bytes_per_s": memory_bandwidth(threads)}


def count(corpus: str, work: str, window: int, min_count: int, memory_mb: int, threads: int) -> Figures:
    """Read a text, number its words, count their pairs, and merge the counts."""
    from rnnpipe.embeddings.counting.cooccurrence import count_shard, merge_counts
    from rnnpipe.params import CooccurrenceSettings
    from rnnpipe.text.plain import read_plain

    def pipeline(text: Path, folder: Path, rarest: int) -> Figures:
        settings = CooccurrenceSettings(window=window, memory_mb=memory_mb)
        for name in ("encoded", "counted", "counts"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(parents=True)
        start = time.perf_counter()
        split, vocabulary = read_plain(text, folder / "encoded", min_count=rarest)
        read = time.perf_counter()
        count_shard([split], vocabulary, settings, folder / "counted", threads=threads)
        counted = time.perf_counter()
        entries = merge_counts([folder / "counted"], folder / "counts", settings, threads=threads)
        merged = time.perf_counter()
        return {
            "tokens": len(split.ids),
            "words": len(vocabulary),
            "entries": entries,
            "read_s": read - start,
            "count_s": counted - read,
            "merge_s": merged - counted,
            "seconds": merged - start,
        }

    with TemporaryDirectory() as small:
        (Path(small) / "text").write_text(WARM_UP, encoding="utf-8")
        pipeline(Path(small) / "text", Path(small), 1)
    return pipeline(Path(corpus), Path(work), min_count)


def fit(work: str, dimension: int, epochs: int, threads: int) -> Figures:
    """Fit GloVe vectors to merged counts; these are read and sorted within the time."""
    from rnnpipe.common.files import read_json
    from rnnpipe.embeddings.counting.cooccurrence import ENTRY, read_entries
    from rnnpipe.embeddings.glove.fit import fit_glove
    from rnnpipe.params import GloVeRun

    run = GloVeRun(corpus="corpus", dimension=dimension, epochs=epochs)
    fit_glove(lambda: [np.array([(3, 4, 1.0)], dtype=ENTRY)], 5, run, seed=1, threads=threads)
    counts = Path(work) / "counts"
    meta = read_json(counts / "meta.json")
    start = time.perf_counter()
    fitted = fit_glove(partial(read_entries, counts), meta["vocabulary_size"], run, seed=1, threads=threads)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "loss": fitted.losses[-1], "entries": meta["entries"]}


def stanford_counts(work: str, threads: int) -> Figures:
    """Write our counts in the form of Stanford's program and in random order, and a vocabulary of as many words."""
    from rnnpipe.common.files import read_json
    from rnnpipe.embeddings.counting.cooccurrence import read_entries

    folder = Path(work)
    entries = np.concatenate(list(read_entries(folder / "counts")))
    np.random.default_rng(1).shuffle(entries)
    records = np.empty(len(entries), dtype=[("i", "<i4"), ("j", "<i4"), ("x", "<f8")])
    records["i"], records["j"], records["x"] = entries["i"] + 1, entries["j"] + 1, entries["x"]  # it counts words from 1
    records.tofile(folder / "same.counts")
    words = read_json(folder / "counts" / "meta.json")["vocabulary_size"]
    (folder / "same.vocabulary").write_text("".join(f"w{word} 1\n" for word in range(words)), encoding="utf-8")
    return {}


def word2vec(corpus: str, work: str, threads: int, min_count: int, **settings: Any) -> Figures:
    """Train Word2Vec vectors on a text, which is read within the time, as by gensim."""
    from rnnpipe.embeddings.word2vec import train_word2vec
    from rnnpipe.params import Word2VecRun
    from rnnpipe.text.plain import read_plain

    def pipeline(text: Path, rarest: int) -> Figures:
        with TemporaryDirectory(dir=work) as folder:
            start = time.perf_counter()
            split, vocabulary = read_plain(text, Path(folder), min_count=rarest)
            train_word2vec([split], vocabulary, Word2VecRun(corpus="corpus", workers=threads, **settings), seed=1)
            return {"tokens": len(split.ids), "seconds": time.perf_counter() - start}

    with TemporaryDirectory() as small:
        (Path(small) / "text").write_text(WARM_UP, encoding="utf-8")
        pipeline(Path(small) / "text", 1)
    return pipeline(Path(corpus), min_count)


def gensim_by_hand(corpus: str, threads: int, **settings: Any) -> Figures:
    """Train Word2Vec vectors by one call of gensim, in its faster way, from a file of sentences."""
    from gensim.models import Word2Vec

    names = {"dimension": "vector_size", "subsample": "sample"}
    settings = {names.get(name, name): value for name, value in settings.items()}
    start = time.perf_counter()
    Word2Vec(corpus_file=corpus, sg=1, hs=0, workers=threads, seed=1, **settings)
    return {"seconds": time.perf_counter() - start}


def softmax(layer: Any, vocabulary: int, dimension: int, threads: int) -> Figures:
    """Train an output layer of the window network for a while."""
    import torch

    from rnnpipe.embeddings.cost import pairs_per_second

    torch.set_num_threads(threads)
    return {"pairs_per_s": pairs_per_second(layer, vocabulary, dimension)}


def language_model(threads: int, rounds: int, folder: str | None) -> Figures:
    """Train language models of the lecture's size and single layers, in turn."""
    import torch
    from language_model_steps import measure

    torch.set_num_threads(threads)
    return measure(rounds, Path(folder) if folder else None)


def main() -> None:
    """Print the figures of one step as JSON."""
    logging.disable(logging.INFO)
    name, settings = sys.argv[1:]
    figures = globals()[name](**json.loads(settings))
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
