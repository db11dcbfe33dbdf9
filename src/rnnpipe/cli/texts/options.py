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
        help="One argument is one text; - is standard input, a text a line, which is also read where there is none.",
        default_factory=list,
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(help="A run's name, a model directory, or champion (MLflow's).", show_default="the best validation score"),
]
File = Annotated[
    Path | None, typer.Option(help="Texts of a file instead: a text a line, CSV, TSV, JSON lines, or CoNLL.", show_default=False)
]
Column = Annotated[
    str | None,
    typer.Option(help="Of tables and JSON lines the text's column; of CoNLL the word's, from 0.", show_default="text; 0"),
]
FileFormat = Annotated[
    Format | None,
    typer.Option(
        "--format", help="Of the file or standard input.", show_default="by the suffix .csv .tsv .jsonl .conll; else text"
    ),
]
Spaced = Annotated[bool, typer.Option("--words", help="The texts are words between spaces already: nothing is cut off them.")]
AsJson = Annotated[bool, typer.Option("--json", help="An object a line, with all that is known, instead of a table.")]
