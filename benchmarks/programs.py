"""Stanford's GloVe and Google's word2vec, compiled by their own Makefiles, on the same input as ours."""

import sys
from pathlib import Path

from process import Usage, run


def find(folder: Path, program: str) -> Path:
    """Return a compiled program in a folder or in its `build`."""
    for path in (folder / program, folder / "build" / program):
        if path.is_file():
            return path
    sys.exit(f"error: {folder}: no program {program!r}; compile it there with make")


def readable_for_stanford(corpus: Path, folder: Path) -> Path:
    """Return the corpus with `<unk>` written otherwise: Stanford's program refuses a text with its own reserved word."""
    target = folder / "stanford.txt"
    with corpus.open("rb") as source, target.open("wb") as file:
        file.writelines(line.replace(b"<unk>", b"<raw_unk>") for line in source)
    return target


def stanford_count(folder: Path, corpus: Path, work: Path, window: int, min_count: int) -> tuple[Usage, Usage]:
    """Run vocab_count and cooccur, both on one thread as they are."""
    vocabulary = work / "stanford.vocabulary"
    counted = run([find(folder, "vocab_count"), "-min-count", str(min_count), "-verbose", "0"], corpus, vocabulary)
    options: list[object] = ["-vocab-file", vocabulary, "-window-size", str(window), "-memory", "4.0", "-verbose", "0"]
    options += ["-overflow-file", work / "overflow"]
    return counted, run([find(folder, "cooccur"), *options], corpus, work / "stanford.counts")


def stanford_fit(folder: Path, work: Path, dimension: int, epochs: int, threads: int) -> Usage:
    """Run glove on the counts that the step `stanford_counts` wrote."""
    options: list[object] = [
        "-input-file",
        work / "same.counts",
        "-vocab-file",
        work / "same.vocabulary",
        "-save-file",
        work / "stanford",
    ]
    options += ["-vector-size", dimension, "-iter", epochs, "-threads", threads, "-x-max", 10, "-binary", 1, "-verbose", 0]
    return run([find(folder, "glove"), *options])


def google_word2vec(folder: Path, corpus: Path, work: Path, settings: dict[str, float], threads: int) -> Usage:
    """Run word2vec, skip-gram with negative sampling."""
    options: list[object] = [
        "-train",
        corpus,
        "-output",
        work / "google.vectors",
        "-binary",
        1,
        "-cbow",
        0,
        "-hs",
        0,
        "-threads",
        threads,
    ]
    options += ["-size", settings["dimension"], "-window", settings["window"], "-negative", settings["negative"]]
    options += ["-sample", settings["subsample"], "-iter", settings["epochs"], "-min-count", settings["min_count"]]
    return run([find(folder, "word2vec"), *options])
