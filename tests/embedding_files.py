"""What the stages of word vectors leave behind, with every claim about them holding."""

import math
from typing import Any

WORDS = ("man", "woman", "boy", "girl", "king", "queen", "prince", "princess", "apple", "orange", "grape", "dog", "cat", "fish")
LECTURE = {
    "man": (-1, 0, 0, 0),
    "woman": (1, 0, 0, 0),
    "boy": (-1, 0, -1, 0),
    "girl": (1, 0, -1, 0),
    "king": (-1, 1, 1, 0),
    "queen": (1, 1, 1, 0),
    "apple": (0, 0, 0, 1),
    "orange": (0, 0, 0, 1),
}
FEATURES = ("gender", "royalty", "age", "edible")
CONTEXTS = ("previous_4", "previous_1", "around_4", "nearby_1")
QUESTIONS = {"corpus": "features", "truth": "grammar"}
PARAMS: dict[str, Any] = {
    "embeddings": {"random-32": {"kind": "random", "dimension": 32}, "one_hot": {"kind": "one_hot"}},
    "cooccurrence": {"features": {}},
    "word2vec": {
        "runs": {
            "word2vec-features": {"corpus": "features"},
            "cbow-features": {"corpus": "features", "architecture": "cbow", "negative": 0},
        }
    },
    "glove": {
        "runs": {"glove-features": {"corpus": "features"}, "glove-features-constant": {"corpus": "features", "alpha": 0.0}},
    },
    "window": {
        "runs": {f"{context.replace('_', '-')}-features": {"corpus": "features", "context": context} for context in CONTEXTS}
    },
    "softmax": {"features": {"corpus": "features"}},
}
TRAINED = {"word2vec-features": (0.9, 0.1), "cbow-features": (0.7, 0.1), "glove-features": (0.8, -0.2)} | {
    name: (0.6, 0.3) for name in ("glove-features-constant", *PARAMS["window"]["runs"])
}
COSINES = {**TRAINED, "one_hot": (0.0, 0.0), "random-32": (0.05, 0.07)}
"""Embedding → cosine(apple, orange), cosine(apple, king)."""
PARAMS["embedding_evaluation"] = {name: QUESTIONS for name in COSINES}


def write_embeddings(workspace: Any) -> None:
    """Write metrics, tables and histories of all embeddings."""
    for name, (fruit, king) in COSINES.items():
        solved = 100.0 if name in TRAINED else 0.0
        analogies = {"accuracy": solved, "three_cos_mul": solved, "questions": 72, "covered": 72}
        if name.startswith("glove"):
            analogies |= {"word": 97.0, "context": 96.0}
        metrics = {
            "dimension": 32,
            "analogies": analogies,
            "similarity": {"grammar": {"spearman": 0.7 if name in TRAINED else 0.0, "pairs": 276, "covered": 99.0}},
            "probe": {"accuracy": 97.0 if name in TRAINED else 60.0, "majority": 64.5},
            "cosine": {"apple_orange": fruit, "apple_king": king},
        }
        workspace.metrics(f"embeddings/{name}", metrics)
        _write_tables(workspace, f"reports/embeddings/{name}", name in TRAINED)
        if name in TRAINED:
            workspace.table(
                f"embeddings/{name}/history.csv", "epoch,loss", [(epoch, 0.1 / epoch + 0.02) for epoch in range(1, 6)]
            )


def _write_tables(workspace: Any, folder: str, trained: bool) -> None:
    points = [(word, math.cos(index * 2.4) * index, math.sin(index * 2.4) * index) for index, word in enumerate(WORDS)]
    workspace.table(f"{folder}/map.csv", "word,x,y", points)
    near = [
        (word, rank, WORDS[(index + rank) % len(WORDS)], 1 - rank / 10) for index, word in enumerate(WORDS) for rank in (1, 2)
    ]
    workspace.table(f"{folder}/neighbours.csv", "word,rank,neighbour,cosine", near)
    rows = [("royalty", 48, 36, 36 * trained, 35 * trained), ("animals", 36, 36, 36 * trained, 36 * trained)]
    workspace.table(f"{folder}/analogies.csv", "category,questions,covered,correct,correct_mul", rows)
    # The order of a stage; the page has the lecture's.
    told = [
        (word, feature, known, round(0.9 * known - 0.03, 4))
        for word, values in LECTURE.items()
        for feature, known in sorted(zip(FEATURES, values, strict=True))
    ]
    workspace.table(f"{folder}/features.csv", "word,feature,known,predicted", told)


def write_softmax(workspace: Any) -> None:
    """Write costs as the formulas have them, drawn words as expected, and scores."""
    folder = "reports/softmax/features"
    sizes = (1_000, 10_000, 100_000)
    costs = [("full", size, size, 32 * size) for size in sizes]
    costs += [("hierarchical", size, rows, 32 * rows) for size, rows in zip(sizes, (7.5, 9.6, 11.5), strict=True)]
    costs += [("negative", size, rows, 32 * rows) for size, rows in zip(sizes, (5.86, 5.95, 5.98), strict=True)]
    workspace.table(f"{folder}/cost.csv", "softmax,vocabulary,rows_per_pair,multiplications_per_pair", costs)
    draws = []
    for exponent in (0.0, 0.75, 1.0):
        expected = [1e6 / 10 / (rank + 1) ** exponent for rank in range(len(WORDS))]
        draws += [(word, round(1.01 * count), round(count, 2), exponent) for word, count in zip(WORDS, expected, strict=True)]
    workspace.table(f"{folder}/frequencies.csv", "word,drawn,expected,exponent", draws)
    settings = [(1, 0.75), (2, 0.75), (5, 0.0), (5, 0.75), (5, 1.0), (15, 0.75)]
    scores = [
        (negative, exponent, seed, 80 + negative - 10 * exponent + seed - 2, 0.7)
        for negative, exponent in settings
        for seed in (1, 2, 3)
    ]
    workspace.table(f"{folder}/scores.csv", "negative,exponent,seed,analogies,spearman", scores)
    workspace.metrics("softmax/features", {"frequencies": {"p_value": 0.43, "chi_square": 120.5, "degrees": 121}})
