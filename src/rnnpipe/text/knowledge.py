"""What a corpus comes with beside its text: what a grammar knows of it, and questions about word vectors.

Both travel from `data/raw/<corpus>` through the tokenized to the encoded corpus as they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, write_json

TRUTH = "truth.json"
OF_WORDS = frozenset(("grammar", "perplexity"))
"""What the truth says of the grammar's own words: which sequences of them it accepts, and how well they can be foretold."""
QUESTIONS = "questions"
"""Folder of the files of `QUESTION_FILES` in a tokenized or encoded corpus; in `data/raw` they stand beside the text."""
QUESTION_FILES = ("features.tsv", "analogies.txt", "similarity.tsv")


def take_knowledge(raw: Path, tokenized: Path, of_words: bool = True) -> None:
    """Copy what there is of it out of a `data/raw/<corpus>`.

    Parameters
    ----------
    raw, tokenized : Path
    of_words : bool, default=True
        Whether the corpus has the grammar's own words. Otherwise what is known of these is left out, `OF_WORDS`.

    Raises
    ------
    RnnpipeError
        `truth.json` is no JSON object.
    """
    if (raw / TRUTH).is_file():
        truth = read_json(raw / TRUTH)
        if not isinstance(truth, dict):
            raise RnnpipeError(f"{raw / TRUTH}: no JSON object; leave the file out, or write what is known under names")
        if of_words:
            shutil.copyfile(raw / TRUTH, tokenized / TRUTH)
        else:
            write_json(tokenized / TRUTH, {name: value for name, value in truth.items() if name not in OF_WORDS})
    for name in QUESTION_FILES:
        if (raw / name).is_file():
            (tokenized / QUESTIONS).mkdir(exist_ok=True)
            shutil.copyfile(raw / name, tokenized / QUESTIONS / name)


def carry_knowledge(tokenized: Path, encoded: Path) -> None:
    """Copy what `take_knowledge` took."""
    if (tokenized / TRUTH).is_file():
        shutil.copyfile(tokenized / TRUTH, encoded / TRUTH)
    if (tokenized / QUESTIONS).is_dir():
        shutil.copytree(tokenized / QUESTIONS, encoded / QUESTIONS)
