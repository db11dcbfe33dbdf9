"""What a corpus comes with beside its text: what a grammar knows of it, and questions about word vectors.

Both travel from `data/raw/<corpus>` through the tokenized to the encoded corpus as they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json

TRUTH = "truth.json"
QUESTIONS = "questions"
"""Folder of the files of `QUESTION_FILES` in a tokenized or encoded corpus; in `data/raw` they stand beside the text."""
QUESTION_FILES = ("features.tsv", "analogies.txt", "similarity.tsv")


def take_knowledge(raw: Path, tokenized: Path) -> None:
    """Copy what there is of it out of a `data/raw/<corpus>`.

    Raises
    ------
    RnnpipeError
        `truth.json` is no JSON object.
    """
    if (raw / TRUTH).is_file():
        if not isinstance(read_json(raw / TRUTH), dict):
            raise RnnpipeError(f"{raw / TRUTH}: no JSON object; leave the file out, or write what is known under names")
        shutil.copyfile(raw / TRUTH, tokenized / TRUTH)
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
