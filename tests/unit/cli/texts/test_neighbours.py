import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnpipe.embeddings.vectors import complete, save_vectors
from rnnpipe.text.vocabulary import Vocabulary

WORDS = {"king": [1.0, 0.1], "queen": [1.0, 0.0], "apple": [-1.0, 1.0], "New York": [0.0, 1.0]}


@pytest.fixture(autouse=True)
def embedding(workspace: Any) -> Path:
    vocabulary = Vocabulary(["<pad>", "<unk>", "<eos>", *WORDS], [0, 0, 0, *range(len(WORDS), 0, -1)])
    numbers = complete(np.array(list(WORDS.values()), dtype=np.float32))
    folder = Path("embeddings/small")
    folder.mkdir(parents=True)
    save_vectors(folder, vocabulary, numbers, {"kind": "glove"})
    return folder


def test_the_nearest_first(workspace: Any) -> None:
    lines = workspace.lines("neighbours", "king", "--count", "2")
    assert [line.split("\t")[1] for line in lines] == ["queen", "New York"]
    for name in ("small", "embeddings/small"):
        assert workspace.lines("neighbours", "king", "--count", "2", "--embedding", name) == lines
    assert workspace.run("neighbours", "king").stderr == "vectors: embeddings/small\n"
    assert len(workspace.lines("neighbours", "king", "--count", str(10**30))) == 3


def test_of_several_words_each_line_names_its_own(workspace: Any) -> None:
    expected = ["king", "New York"]
    for words, given in ((expected, None), (["-"], "king\nNew York\n"), ([], "king\nNew York")):
        lines = workspace.lines("neighbours", *words, "--count", "1", given=given)
        assert [line.split("\t")[0] for line in lines] == expected
    objects = list(map(json.loads, workspace.lines("neighbours", *expected, "--count", "1", "--json")))
    assert [one["word"] for one in objects] == expected
    assert objects[0]["neighbours"][0] == {"word": "queen", "cosine": pytest.approx(0.995, abs=1e-3)}


def test_an_unknown_word_is_one_line_with_words_of_a_like_spelling(workspace: Any) -> None:
    assert workspace.refusal("neighbours", "Quen") == (
        "error: 'Quen': no such word among the 4 of these vectors; of a like spelling: queen"
    )
    assert "name another --embedding or --model" in workspace.refusal("neighbours", "xyzzy")
    (half,) = workspace.run("neighbours", "--json", "caf\udce9").stdout.splitlines()
    assert json.loads(half)["word"] == "caf\udce9"
    result = workspace.run("neighbours", "quen", "king", "--json")
    assert result.exit_code == 1
    first, second = map(json.loads, result.stdout.splitlines())
    assert first == {"word": "quen", "neighbours": [], "spelled_alike": ["queen"]}
    assert len(second["neighbours"]) == 3


def test_a_network_s_own_vectors(workspace: Any) -> None:
    for name in ("sentiment/gru", "models/sentiment/gru"):
        result = workspace.run("neighbours", "w1", "--model", name)
        assert result.stderr == "vectors: models/sentiment/gru\n"
        assert len(result.stdout.splitlines()) == 10
    assert "several tasks have a run of this name" in workspace.refusal("neighbours", "w1", "--model", "gru")
    assert "not of both" in workspace.refusal("neighbours", "w1", "--model", "ner/gru", "--embedding", "small")


def test_what_is_no_embedding(workspace: Any) -> None:
    Path("file").write_text("king 1 2\n")
    for name in ("file", "nowhere", "caf\udce9", "x" * 5000):
        assert "no such embedding; there are small" in workspace.refusal("neighbours", "king", "--embedding", name)
