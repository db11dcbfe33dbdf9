"""What a corpus comes with beside its text goes from data/raw to data/encoded, cut by the corpus' own tokenizer."""

import json
import shutil
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import sha256_of_tree
from rnnpipe.corpora.grammar.corpus import acceptor
from rnnpipe.stages import build_vocabulary, encode, generate_corpus, share_corpus, tokenize
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import UNK

PARAMS = """
seed: 3
grammars:
  agreement: {kind: agreement, train: 30, valid: 5, test: 5, depths: [0], depth_weights: [1.0], distances: [0, 3], pairs: 4}
  features: {kind: feature, train: 30}
corpora:
  agreement: {format: text, words: whitespace, splits: {train: train.txt, test: test.txt}, licence: none}
  features: {format: text, words: whitespace, splits: {train: train.txt}, licence: none}
  small: {format: text, lowercase: true, splits: {train: train.txt}, hold_out: {test: 0.4}, licence: none}
  letters: {format: text, words: characters, splits: {train: train.txt}, hold_out: {test: 0.4}, licence: none}
  lines: {format: text, blank_lines: keep, splits: {train: train.txt, test: test.txt}, licence: none}
  tags: {format: columns, splits: {train: train.conll}, licence: none}
  agreeing:
    format: text
    words: whitespace
    splits: {train: train.txt}
    pairs: {own: {file: pairs.tsv}, linzen: {file: filtered, format: linzen}}
    licence: none
shared: {letters: small}
report: {title: t}
"""
HEADER = "distance\tprefix\tgood\tbad\n"


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PARAMS)


def encoded(name: str) -> EncodedCorpus:
    tokenized, vocabulary = Path("data/tokenized", name), Path(f"data/vocabulary/{name}.tsv")
    tokenize.main(name, Path("data/raw", name), tokenized)
    build_vocabulary.main(name, tokenized, vocabulary, Path("metrics.json"))
    encode.main(tokenized, vocabulary, Path("data/encoded", name))
    return EncodedCorpus.open(Path("data/encoded", name))


def raw(name: str, **files: str) -> Path:
    folder = Path("data/raw", name)
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file.replace("_", ".")).write_text(text)
    return folder


def spelled(corpus: EncodedCorpus) -> list[list[str]]:
    tokens = corpus.vocabulary.tokens
    return [["".join(tokens[number] for number in ids) for ids in (pair.prefix, pair.good, pair.bad)] for pair in corpus.pairs]


def test_a_grammar_is_known_without_its_raw_files() -> None:
    for name in ("agreement", "features"):
        generate_corpus.main(name, Path("data/raw", name))
    corpus, features = encoded("agreement"), encoded("features")
    before = sha256_of_tree(Path("data/raw/features/features.tsv"))
    shutil.rmtree("data/raw")
    accepts = acceptor(corpus.truth)
    assert accepts is not None
    assert all(map(accepts, corpus.words("test")))
    assert corpus.truth["perplexity"].keys() == {"train", "valid", "test"}
    assert [pair.distance for pair in corpus.pairs] == [0] * 4 + [3] * 4
    assert all(len(pair.prefix) == pair.distance + 2 and len(pair.good) == len(pair.bad) == 1 for pair in corpus.pairs)
    assert not corpus.questions.exists()
    assert sorted(path.name for path in features.questions.iterdir()) == ["analogies.txt", "features.tsv", "similarity.tsv"]
    assert sha256_of_tree(features.questions / "features.tsv") == before
    assert features.pairs == []


def test_pairs_are_cut_by_the_tokenizer_of_the_corpus() -> None:
    text = "".join(f"The Big Dogs bark loudly {number}\nthe Dog barks\n" for number in range(9))
    folder = raw("small", train_txt=text, pairs_tsv=HEADER + "0\tThe Dogs\tbark\tBarks\n\n7\t\tDogs\tdog\n")
    corpus = encoded("small")
    assert spelled(corpus) == [["thedogs", "bark", "barks"], ["", "dogs", "dog"]]
    assert not any(UNK in ids for pair in corpus.pairs for ids in (pair.prefix, pair.good, pair.bad))
    share_corpus.main(folder, Path("data/raw/letters"))
    letters = encoded("letters")
    assert spelled(letters) == [["TheDogs", "bark", "Barks"], ["", "Dogs", "dog"]]
    assert [len(pair.good) for pair in letters.pairs] == [4, 4]
    assert letters.pairs[0].good.dtype == int


def test_pairs_of_several_files_keep_their_groups() -> None:
    raw("agreeing", train_txt="the dogs near it bark\nthe dog barks\n", pairs_tsv=HEADER + "0\tthe dogs\tbark\tbarks\n",
        filtered_text="the cow near it barks .\n", filtered_gold="4\tbarks\tbark\t0\n", filtered_eval="4\n")  # fmt: skip
    corpus = encoded("agreeing")
    assert [(pair.group, pair.attractors, pair.distance) for pair in corpus.pairs] == [("own", -1, 0), ("linzen", 0, -1)]
    assert all(pair.is_covered for pair in corpus.pairs), "words before the two may be unknown"
    assert spelled(corpus)[1] == ["the<unk>nearit", "barks", "bark"]


def test_two_settings_of_the_same_files_hold_out_the_same_texts() -> None:
    folder = raw("small", train_txt="".join(f"text {number}\n" for number in range(40)))
    share_corpus.main(folder, Path("data/raw/letters"))
    first, second = (
        {"".join(document) for document in corpus.words("test")} for corpus in (encoded("small"), encoded("letters"))
    )
    assert first == second
    with pytest.raises(RnnpipeError, match="data/raw/none: no such folder"):
        share_corpus.main(Path("data/raw/none"), Path("out"))


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ("a\tb\n", r"pairs\.tsv:1: the first line must be the header"),
        ("", r"pairs\.tsv:1: the first line must be the header"),
        (HEADER + "far\ta\tb\tc\n", r"pairs\.tsv:2: a pair has a whole number"),
        (HEADER + "1\ta\tb\tc\n1\ta\n", r"pairs\.tsv:3: a pair has a whole number"),
        (HEADER + "1\ta\tDog\tdog\n", r"pairs\.tsv:2: .* makes 'dog' of good and 'dog' of bad"),
        (HEADER + "1\ta\t\tdog\n", r"pairs\.tsv:2: .* makes '' of good"),
    ],
)
def test_pairs_that_ask_nothing_are_refused(pairs: str, told: str) -> None:
    raw("small", train_txt="a b\n" * 9, pairs_tsv=pairs)
    with pytest.raises(RnnpipeError, match=told):
        tokenize.main("small", Path("data/raw/small"), Path("out"))


def test_truth_is_plain_data() -> None:
    raw("lines", train_txt="a b\n", test_txt="a\n", truth_json="[1]")
    with pytest.raises(RnnpipeError, match=r"truth\.json: no JSON object"):
        tokenize.main("lines", Path("data/raw/lines"), Path("out"))
    raw("lines", truth_json=json.dumps({"perplexity": {"test": 2.0}}))
    assert encoded("lines").truth == {"perplexity": {"test": 2.0}}
    assert acceptor(encoded("lines").truth) is None


@pytest.mark.parametrize("setting", ["words: characters", "words: characters_and_spaces", "words: whitespace, punctuation: drop"])
def test_what_is_known_of_a_grammars_words_is_not_said_of_others(setting: str) -> None:
    Path("params.yaml").write_text(PARAMS.replace("blank_lines: keep", setting))
    truth = {"perplexity": {"test": 2.0}, "grammar": {"kind": "feature", "train": 9}, "bayes_accuracy": 98.0}
    raw("lines", train_txt="a b .\n", test_txt="a\n", truth_json=json.dumps(truth))
    assert encoded("lines").truth == {"bayes_accuracy": 98.0}


def test_kept_blank_lines_are_documents_without_words() -> None:
    raw("lines", train_txt="\na b\n \n\nb\n", test_txt="b new\n\n")
    corpus = encoded("lines")
    assert corpus.split("train").lengths.tolist() == [0, 2, 0, 0, 1]
    assert list(corpus.words("test")) == [["b", "new"], []]
    assert corpus.characters("test") == len("b new\n\n")
    raw("lines", test_txt="\n\n")
    with pytest.raises(RnnpipeError, match="holds no text for split 'test'"):
        tokenize.main("lines", Path("data/raw/lines"), Path("out"))


def test_a_split_of_marks_alone_is_refused_where_marks_are_dropped() -> None:
    Path("params.yaml").write_text(PARAMS.replace("blank_lines: keep", "punctuation: drop"))
    raw("lines", train_txt="a b\n", test_txt="!!!\n...\n")
    with pytest.raises(RnnpipeError, match="split 'test' has no word once it is tokenized"):
        tokenize.main("lines", Path("data/raw/lines"), Path("out"))


def test_words_of_tagged_sentences_are_spelled() -> None:
    Path("params.yaml").write_text(PARAMS.replace("train.conll}", "train.conll}, vocabulary: {size: 2}"))
    raw("tags", train_conll="Ann B-PER\nis O\nin O\n\nNew O\nis O\nin O\n")
    assert list(encoded("tags").words("train")) == [["Ann", "is", "in"], ["New", "is", "in"]]
