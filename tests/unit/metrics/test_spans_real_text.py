import os
import random
import warnings
import zipfile
from pathlib import Path

import pytest

from rnnpipe.metrics.spans import span_scores

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from seqeval.metrics import f1_score, precision_score, recall_score


@pytest.fixture(scope="module")
def sentences() -> list[list[str]]:
    """Tags of each sentence of the CoNLL-2003 test file, as released."""
    if "RNNPIPE_MIRROR" not in os.environ:
        pytest.skip("RNNPIPE_MIRROR is not set")
    with zipfile.ZipFile(Path(os.environ["RNNPIPE_MIRROR"]) / "conll2003.zip") as archive:
        text = archive.read("eng.testb").decode()
    paragraphs = [paragraph.splitlines() for paragraph in text.strip().split("\n\n")]
    return [[line.split()[-1] for line in lines if line.strip()] for lines in paragraphs if not lines[0].startswith("-DOCSTART-")]


@pytest.mark.real_text
@pytest.mark.parametrize("noise", [0.0, 0.05, 0.5, 1.0])
def test_conll_2003_test_file_as_seqeval_has_it(sentences: list[list[str]], noise: float) -> None:
    generator = random.Random(int(noise * 100))
    tags = sorted({tag for sentence in sentences for tag in sentence} | {"B-PER", "B-LOC", "B-ORG", "B-MISC"})
    guesses = [[generator.choice(tags) if generator.random() < noise else tag for tag in sentence] for sentence in sentences]
    total, _ = span_scores(sentences, guesses)
    assert total.actual == 5648
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert total.f1 == pytest.approx(100 * f1_score(sentences, guesses))
        assert total.precision == pytest.approx(100 * precision_score(sentences, guesses))
        assert total.recall == pytest.approx(100 * recall_score(sentences, guesses))
