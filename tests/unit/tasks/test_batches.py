from pathlib import Path

import numpy as np
import pytest
from rnnpipe.datamodules.language_model import LanguageModelData
from rnnpipe.datamodules.ner import NerData
from rnnpipe.datamodules.planned import PlannedDataModule
from rnnpipe.datamodules.sentiment import SentimentData
from small_corpora import small_corpus

from rnnpipe.common.errors import RnnpipeError


def epoch(data: PlannedDataModule, number: int) -> list[list[list[int]]]:
    loader = data.train_dataloader()
    loader.sampler.set_epoch(number)
    return [batch.ids.tolist() for batch in loader]


@pytest.mark.parametrize("batching", ["sentences", "stream"])
def test_a_language_model_predicts_all_words_and_ends(tmp_path: Path, batching) -> None:
    corpus = small_corpus(tmp_path)
    data = LanguageModelData(corpus, 5, 1, batching, 3)
    for name, loader in (("train", data.train_dataloader()), ("valid", data.val_dataloader())):
        size = corpus.meta["splits"][name]
        assert sum(batch.total for batch in loader) == size["tokens"] + size["documents"]
    assert len(data.train_dataloader()) == data.steps_per_epoch
    assert data.train.tokens == corpus.meta["splits"]["train"]["tokens"] + 24


def test_order_depends_on_the_epoch_alone(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    data = LanguageModelData(corpus, 5, 1, "sentences", 3)
    again = LanguageModelData(corpus, 5, 1, "sentences", 3)
    assert epoch(data, 0) != epoch(data, 1)
    assert epoch(data, 1) == epoch(again, 1)


def test_sentiment_reads_the_last_words_of_labelled_documents(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, "labelled")
    path = tmp_path / "train.labels.npy"
    labels = np.load(path)
    labels[:4] = -1
    np.save(path, labels)
    data = SentimentData(corpus, 5, 1, max_length=3)
    batches = list(data.train_dataloader())
    assert sum(batch.total for batch in batches) == sum(len(batch.ids) for batch in batches) == 20
    assert max(batch.ids.shape[1] for batch in batches) == 3
    assert data.train.tokens == sum(int(batch.lengths.sum()) for batch in batches)


def test_ner_predicts_each_word(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, "columns")
    data = NerData(corpus, 5, 1)
    assert sum(batch.total for batch in data.train_dataloader()) == data.train.tokens == corpus.meta["splits"]["train"]["tokens"]


def test_a_corpus_of_another_format_is_refused(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    with pytest.raises(RnnpipeError, match="corpus with labels"):
        SentimentData(corpus, 5, 1)
    with pytest.raises(RnnpipeError, match="format 'columns'"):
        NerData(corpus, 5, 1)


def test_an_empty_split_is_refused(tmp_path: Path) -> None:
    for batching in ("sentences", "stream"):
        with pytest.raises(RnnpipeError, match="split 'valid' is empty"):
            LanguageModelData(small_corpus(tmp_path / batching, valid=0), 5, 1, batching, 3)
