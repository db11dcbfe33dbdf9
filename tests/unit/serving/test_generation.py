from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_runs import saved_model

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedModel, open_model
from rnnpipe.metrics.sampling import ANY, Choice
from rnnpipe.serving import draw_texts
from rnnpipe.text.tokenizer import build_tokenizer


def opened(folder: Path, task: str = "language_model", **changes: Any) -> TrainedModel:
    saved_model(folder / "a", task, **changes)
    return open_model(folder / "a")


def drawn(trained: TrainedModel, count: int, start: str = "", seed: int = 1, choice: Choice = ANY) -> list[str]:
    return [one.text for one in draw_texts(trained, count, start, seed, choice)]


def test_sentences_are_drawn_by_seed_and_begin_as_asked(tmp_path: Path) -> None:
    trained = opened(tmp_path)
    first = drawn(trained, 4, "w1 w2")
    assert first == drawn(trained, 4, "w1 w2")
    assert first != drawn(trained, 4, "w1 w2", seed=2)
    assert all(sentence.startswith("w1 w2") for sentence in first)
    assert len(drawn(trained, 3, choice=Choice(0.5))) == 3


def likeliest_behind(trained: TrainedModel, words: list[str]) -> str:
    ids = [2, *trained.vocabulary.encode(words).tolist()]
    states, _ = trained.model(torch.tensor([ids]), torch.tensor([len(ids)]))
    scores = trained.model.head.log_probabilities(states)[0, -1].detach().numpy()
    scores[:2] = -np.inf
    return trained.vocabulary.tokens[int(scores.argmax())]


@pytest.mark.parametrize("choice", [Choice(1e-4), Choice(1e-6), Choice(top_k=1), Choice(top_p=1e-9)])
def test_the_beginning_is_read_before_words_are_drawn(tmp_path: Path, choice: Choice) -> None:
    """Nearly without chance, the word drawn is the likeliest one after the beginning."""
    trained = opened(tmp_path)
    (sentence,) = drawn(trained, 1, "w1 w5", choice=choice)
    assert [*sentence.split(), "<eos>"][2] == likeliest_behind(trained, ["w1", "w5"])


def test_characters_are_joined_by_nothing(tmp_path: Path) -> None:
    trained = opened(tmp_path)
    letters = TrainedModel(
        trained.model, trained.task, trained.config, trained.vocabulary, build_tokenizer("characters"), trained.device
    )
    (one,) = draw_texts(letters, 1, "a b", 1)
    assert one.words[:2] == ["a", "b"]
    assert one.text == "".join(one.words)


def test_a_beginning_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="not Unicode"):
        drawn(opened(tmp_path), 1, "caf\udce9")


def test_a_model_that_reads_backward_continues_nothing(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="a: reads from the end to the beginning and continues no text"):
        drawn(opened(tmp_path, direction="backward"), 1)
