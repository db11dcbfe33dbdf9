"""What several of these commands take."""

from pathlib import Path
from typing import Annotated

import typer

from rnnpipe.cli.texts.formats import Format

LANGUAGE_MODELS = ("language_model", "long_term")
"""Tasks whose models score and draw sentences; of the first one the best is taken where none is named."""

Texts = Annotated[
    list[str],
    typer.Argument(
        help="One argument is one text; - is standard input, a text a line, and is read where there is none.",
        default_factory=list,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(help="A run's name, a model directory, or champion (MLflow's registry).  [default: the best validation score]"),
]
File = Annotated[Path | None, typer.Option(help="A file of texts instead: a text a line, CSV, TSV, JSON lines, or CoNLL.")]
Column = Annotated[
    str | None,
    typer.Option(help="Where the text stands: a column's name; of CoNLL the word's column, from 0.  [default: text; 0]"),
]
FileFormat = Annotated[
    Format | None,
    typer.Option(
        "--format", help="Of the file or standard input.  [default: by the file's suffix: .csv .tsv .jsonl .conll, else text]"
    ),
]
Spaced = Annotated[bool, typer.Option("--words", help="The texts are words between spaces already: cut nothing off them.")]
AsJson = Annotated[bool, typer.Option("--json", help="An object a line, with all that is known, instead of a table.")]
