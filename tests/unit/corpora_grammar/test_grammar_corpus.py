import json
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import sha256_of_tree
from rnnpipe.corpora.grammar.corpus import acceptor, write_corpus
from rnnpipe.params import AgreementGrammar, EntityGrammar, FeatureGrammar, Grammar, OpinionGrammar, StateGrammar, TuneGrammar

SETTINGS: dict[str, Grammar] = {
    "agreement": AgreementGrammar(
        kind="agreement", train=60, valid=20, test=20, depths=(0, 2), depth_weights=(2.0, 1.0), distances=(0, 9), pairs=5
    ),
    "opinion": OpinionGrammar(kind="opinion", train=60, valid=20, test=20),
    "entity": EntityGrammar(kind="entity", train=60, valid=20, test=20),
    "feature": FeatureGrammar(kind="feature", train=60),
    "tune": TuneGrammar(kind="tune", train=60, valid=20, test=20),
    "state": StateGrammar(kind="state", problem="s3", train=60, valid=20, test=20),
}
FILES = {
    "agreement": {"train.txt", "valid.txt", "test.txt", "pairs.tsv", "truth.json"},
    "opinion": {"train.csv", "valid.csv", "test.csv", "test_longer.csv", "truth.json"},
    "entity": {"train.conll", "valid.conll", "test.conll", "pairs.conll", "truth.json"},
    "feature": {"train.txt", "features.tsv", "analogies.txt", "similarity.tsv", "truth.json"},
    "tune": {"train.txt", "valid.txt", "test.txt", "truth.json"},
    "state": {"train.conll", "valid.conll", "test.conll", "test_longer.conll", "truth.json"},
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_writes_the_files_of_the_contract(kind: str, tmp_path: Path) -> None:
    write_corpus(SETTINGS[kind], 1, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == FILES[kind]
    assert json.loads((tmp_path / "truth.json").read_text())


@pytest.mark.parametrize("kind", SETTINGS)
def test_equal_seeds_give_equal_bytes_and_others_do_not(kind: str, tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("two", 2)):
        (tmp_path / name).mkdir()
        write_corpus(SETTINGS[kind], seed, tmp_path / name)
    assert sha256_of_tree(tmp_path / "one") == sha256_of_tree(tmp_path / "again")
    assert sha256_of_tree(tmp_path / "one") != sha256_of_tree(tmp_path / "two")


def test_accepts_what_it_generates(tmp_path: Path) -> None:
    for kind in ("agreement", "feature", "tune"):
        write_corpus(SETTINGS[kind], 1, tmp_path)
        sentences = [line.split() for line in (tmp_path / "train.txt").read_text().splitlines()]
        assert len(sentences) == 60
        accepts = acceptor(json.loads((tmp_path / "truth.json").read_text()))
        assert accepts is not None
        assert all(map(accepts, sentences))
        assert not accepts(["no", "sentence"])


def test_truth_holds_the_settings_of_the_grammar(tmp_path: Path) -> None:
    for kind, settings in SETTINGS.items():
        write_corpus(settings, 1, tmp_path)
        truth = json.loads((tmp_path / "truth.json").read_text())
        assert truth["grammar"]["kind"] == kind
        assert acceptor(truth) is not None
    assert acceptor({}) is None
    with pytest.raises(RnnpipeError, match=r"truth\.json: grammar: .*run the stage generate_corpus again"):
        acceptor({"grammar": {"kind": "agreement"}})


def test_pairs_are_at_the_distances_asked_for(tmp_path: Path) -> None:
    write_corpus(SETTINGS["agreement"], 1, tmp_path)
    rows = [line.split("\t") for line in (tmp_path / "pairs.tsv").read_text().splitlines()]
    assert rows[0] == ["distance", "prefix", "good", "bad"]
    assert [int(row[0]) for row in rows[1:]] == [0] * 5 + [9] * 5
    assert all(len(row[1].split()) - 2 == int(row[0]) for row in rows[1:])


def test_the_generated_files_are_utf8_with_plain_newlines(tmp_path: Path) -> None:
    for kind, settings in SETTINGS.items():
        (tmp_path / kind).mkdir()
        write_corpus(settings, 1, tmp_path / kind)
    assert not any(b"\r" in path.read_bytes() for path in tmp_path.rglob("*.*"))
