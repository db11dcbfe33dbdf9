"""Word vectors: of one's own text, and as files for others."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rnnpipe.cli.examples import examples
from rnnpipe.common.errors import RnnpipeError

EMBEDDINGS = Path("embeddings")

app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None)


class FileFormat(StrEnum):
    """What other programs read."""

    WORD2VEC_TEXT = "word2vec-text"
    WORD2VEC_BINARY = "word2vec-binary"
    GLOVE_TEXT = "glove-text"


class Which(StrEnum):
    """Which vectors of an embedding."""

    VECTORS = "vectors"
    WORD = "word"
    CONTEXT = "context"


@app.command(
    epilog=examples(
        "rnnpipe vectors export glove-features --format word2vec-text --out vectors.txt",
        "rnnpipe vectors export glove-features --format glove-text --part context --out context.txt",
    )
)
def export(
    embedding: Annotated[str, typer.Argument(help="Name below embeddings/, or a directory.")],
    file_format: Annotated[FileFormat, typer.Option("--format", help="The GloVe form is word2vec-text without its first line.")],
    out: Annotated[Path, typer.Option(help="File to write; one that exists is replaced when the new one is whole.")],
    part: Annotated[Which, typer.Option(help="GloVe also has those of each word as a word and as a context.")] = Which.VECTORS,
) -> None:
    """Write vectors in a format that gensim and others read: of all words, and `<unk>`."""
    from rnnpipe.embeddings.formats import write_published
    from rnnpipe.embeddings.vectors import load_vectors

    source = load_vectors(find_embedding(embedding), part.value)
    try:
        write_published(out, file_format.value, source)
    except OSError as error:
        raise RnnpipeError(f"{out}: cannot be written ({error.strerror}); name another file with --out") from None
    typer.echo(f"{out}: {len(source.vocabulary) - 2} vectors of length {source.vectors.shape[1]}", err=True)


@app.command(
    epilog=examples(
        "rnnpipe vectors glove text.txt --out mine",
        "rnnpipe vectors glove text.txt --out mine --dimension 300 --min-count 1 --threads 4",
    )
)
def glove(
    text: Annotated[Path, typer.Argument(help="UTF-8; words between white space, a document a line.")],
    out: Annotated[Path, typer.Option(help="Directory to write, a new one.")],
    dimension: Annotated[int, typer.Option(min=1)] = 100,
    window: Annotated[int, typer.Option(min=1, help="Words to each side.")] = 10,
    min_count: Annotated[int, typer.Option(min=1, help="Rarer words are <unk>.")] = 5,
    x_max: Annotated[float, typer.Option(min=1e-6, max=999, help="Count from which a pair weighs 1.")] = 10.0,
    epochs: Annotated[int, typer.Option(min=1)] = 15,
    learning_rate: Annotated[float, typer.Option(min=1e-6, max=999)] = 0.05,
    seed: Annotated[int, typer.Option(help="Equal seeds make equal bytes, whatever the threads.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="[default: all]", show_default=False)] = os.cpu_count() or 1,
    memory_mb: Annotated[int, typer.Option(min=64, help="Most memory for counting, MiB.")] = 2048,
) -> None:
    """Train GloVe vectors on a plain text, without the pipeline."""
    from rnnpipe.cli.glove import glove_of_text
    from rnnpipe.params import CooccurrenceSettings, GloVeRun

    settings = CooccurrenceSettings(window=window, memory_mb=memory_mb)
    run = GloVeRun(corpus="text", dimension=dimension, x_max=x_max, epochs=epochs, learning_rate=learning_rate, seed=seed)
    words = glove_of_text(text, out, settings, run, min_count, threads)
    typer.echo(
        f"{out}: {words} words, vectors of length {dimension}; `rnnpipe vectors export {out} ...` writes them for others",
        err=True,
    )


def find_embedding(name: str) -> Path:
    """Return the directory of an embedding given by its name below `embeddings/`, or by its path.

    Raises
    ------
    RnnpipeError
        There is none.
    """
    for directory in (EMBEDDINGS / name, Path(name)):
        if os.path.isfile(directory / "config.json"):  # of what no path can be, this only says no
            return directory
    known = ", ".join(sorted(path.parent.name for path in EMBEDDINGS.glob("*/config.json")))
    raise RnnpipeError(
        f"{name}: no such embedding; {f'there are {known}' if known else '`dvc repro` makes those of params.yaml'}"
    )
