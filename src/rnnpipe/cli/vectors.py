"""Word vectors as files for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rnnpipe.common.errors import RnnpipeError

EMBEDDINGS = Path("embeddings")

app = typer.Typer(help=__doc__, no_args_is_help=True)


class FileFormat(StrEnum):
    """What other programs read."""

    WORD2VEC_TEXT = "word2vec-text"
    WORD2VEC_BINARY = "word2vec-binary"
    GLOVE_TEXT = "glove-text"


class Part(StrEnum):
    """Which vectors of an embedding."""

    VECTORS = "vectors"
    WORD = "word"
    CONTEXT = "context"


@app.command()
def export(
    embedding: Annotated[str, typer.Argument(help="Name below embeddings/, or a directory.")],
    file_format: Annotated[FileFormat, typer.Option("--format", help="The GloVe form is word2vec-text without its first line.")],
    out: Annotated[Path, typer.Option(help="File to write; one that exists is replaced when the new one is whole.")],
    part: Annotated[Part, typer.Option(help="GloVe also has those of each word as a word and as a context.")] = Part.VECTORS,
) -> None:
    """Write the vectors of all words, and `<unk>`, in a format that gensim and others read."""
    from rnnpipe.embeddings.formats import write_published
    from rnnpipe.embeddings.vectors import load_vectors

    source = load_vectors(find_embedding(embedding), part.value)
    try:
        write_published(out, file_format.value, source)
    except OSError as error:
        raise RnnpipeError(f"{out}: cannot be written ({error.strerror}); name another file with --out") from None
    typer.echo(f"{out}: {len(source.vocabulary) - 2} vectors of length {source.vectors.shape[1]}", err=True)


def find_embedding(name: str) -> Path:
    """Return the directory of an embedding given by its name below `embeddings/`, or by its path.

    Raises
    ------
    RnnpipeError
        There is none.
    """
    for directory in (EMBEDDINGS / name, Path(name)):
        if (directory / "config.json").is_file():
            return directory
    known = ", ".join(sorted(path.parent.name for path in EMBEDDINGS.glob("*/config.json")))
    raise RnnpipeError(
        f"{name}: no such embedding; {f'there are {known}' if known else '`dvc repro` makes those of params.yaml'}"
    )
