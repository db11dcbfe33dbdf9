"""What language models know where a word ends: contextual string embeddings (Akbik et al. 2018)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rnnpipe.batches.batch import sentence_batch
from rnnpipe.batches.plans import sorted_plan
from rnnpipe.embeddings.vectors import CONTEXT
from rnnpipe.inference.trained_model import TrainedModel, open_model
from rnnpipe.models.model_directory import reader_directories
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

ROWS, STEPS = 32, 512
"""Sentences, and characters of each, that are read together; this changes time and memory and not the result."""

Sentences = Sequence[Sequence[str]]


def states_at_words(readers: Sequence[TrainedModel], sentences: Sentences) -> NDArray[np.float16]:
    """Return the states of language models of characters at each word, one model's behind the other's.

    A sentence is read from a zero state, behind `<eos>`, with a space between its words. The state of a forward model is the one
    behind a word's last letter, that of a backward model the one before its first: each has read the word and its own side of it.

    Parameters
    ----------
    readers : sequence of TrainedModel
        Language models of corpora that are cut into `characters_and_spaces`.
    sentences : sequence of sequence of str
        Of N words.

    Returns
    -------
    ndarray of shape (N, C), dtype=float16
        C: the numbers in the last layers' states.
    """
    return np.concatenate([_states(reader, sentences) for reader in readers], axis=1)


def write_context(directory: Path, readers: Mapping[str, Path], corpus: EncodedCorpus) -> None:
    """Write models and their states at all words of a corpus into an embedding's directory, as `EncodedCorpus.split` reads them.

    Parameters
    ----------
    directory : Path
        Of `atomic_directory`; it gets the folder `CONTEXT`.
    readers : mapping of str to Path
        Name → directory of a language model.
    corpus : EncodedCorpus
    """
    folder = directory / CONTEXT
    for name, reader in readers.items():
        shutil.copytree(reader, folder / name)
    opened = [open_model(path) for path in reader_directories(folder)]
    for split in corpus.meta["splits"]:
        np.save(folder / f"{split}.npy", states_at_words(opened, list(corpus.words(split))), allow_pickle=False)


@torch.inference_mode()
def _states(reader: TrainedModel, sentences: Sentences) -> NDArray[np.float16]:
    tokens, spans, lengths = reader.batch_tokenizer().tokenize([" ".join(words) for words in sentences])
    letters = EncodedSplit(reader.vocabulary.encode(tokens).astype(np.uint32), np.cumsum([0, *lengths], dtype=np.int64))
    backward = reader.regime("direction") == "backward"
    places = _places(sentences, spans[:, 0], letters, last=not backward)
    if backward:
        letters, places = letters.backward(), len(tokens) - 1 - places
    return _read(reader, letters, places)


def _places(sentences: Sentences, starts: NDArray[np.int32], letters: EncodedSplit, last: bool) -> NDArray[np.int64]:
    """Return the number of the last, or first, letter of each word among all letters, (N,).

    `starts` says where each letter begins in its sentence. Letters and words are then counted from the beginning of the first
    sentence on, with a space behind each sentence too.
    """
    sizes = np.array([len(word) for words in sentences for word in words], dtype=np.int64)
    begins = np.cumsum(sizes + 1) - sizes - 1
    first_words = np.cumsum([0, *map(len, sentences)])[:-1]
    shifts = np.concatenate([begins, [0]])[first_words]  # of a sentence without words: has no letters, so any
    letter_begins = starts + np.repeat(shifts, letters.lengths)
    found = np.searchsorted(letter_begins, begins + sizes - 1 if last else begins, side="right") - 1
    return np.maximum(found, 0)


def _read(reader: TrainedModel, letters: EncodedSplit, places: NDArray[np.int64]) -> NDArray[np.float16]:
    """Return the states behind the letters of some numbers, (N, H)."""
    encoder: Any = reader.model.encoder
    found = np.zeros((len(places), encoder.recurrent.output_size), dtype=np.float16)
    word_at = np.full(len(letters.ids) + 1, -1)
    word_at[places] = np.arange(len(places))
    for rows in sorted_plan(letters.lengths, ROWS):
        batch, state = sentence_batch(letters, rows), None
        first, end = letters.offsets[rows, None], letters.offsets[rows + 1, None]
        for start in range(0, batch.ids.shape[1], STEPS):
            ids = batch.ids[:, start : start + STEPS]  # `<eos>`, then the letters
            left = (batch.lengths - start).clamp(0, ids.shape[1])
            outputs, state = encoder(ids.to(reader.device), left.to(reader.device), state)
            letter = first + np.arange(start - 1, start - 1 + ids.shape[1])
            words = word_at[np.where((letter >= first) & (letter < end), letter, -1)]  # -1: the last place, of no word
            chosen = words >= 0
            found[words[chosen]] = outputs.cpu()[torch.from_numpy(chosen)].half().numpy()
    return found
