from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.agreement_files import all_pairs, read_gulordava, read_linzen
from rnnpipe.corpora.pairs import UNKNOWN, MinimalPair, read_pairs
from rnnpipe.params import PairFile

HEADER = (
    "pattern", "constr_id", "sent_id", "correct_number", "form", "class", "type", "prefix", "n_attr", "punct", "freq",
    "len_context", "len_prefix", "sent")  # fmt: skip


def table(*rows: tuple[str, ...]) -> str:
    return "".join("\t".join(cells) + "\n" for cells in (HEADER, *rows))


def row(form: str, kind: str, prefix: str, attractors: str = "1", of: str = "generated") -> tuple[str, ...]:
    return ("P", "12", "2", "plur", form, kind, of, prefix, attractors, "False", "7", "5", "6", "the whole sentence . <eos>")


def test_generated_tab_has_two_rows_for_each_sentence(tmp_path: Path) -> None:
    path = tmp_path / "generated.tab"
    quoted = '"She said "" we"'
    good, bad = row("use", "correct", "Debtors that would merge"), row("uses", "wrong", "Debtors that would merge")
    others = row("go", "wrong", quoted, "0", "original"), row("goes", "correct", quoted, "0", "original")
    path.write_text(table(good, bad, *others))
    assert list(read_gulordava(path, "green")) == [
        MinimalPair(f"{path}:3", 4, "Debtors that would merge", "use", "uses", "green-generated", 1),
        MinimalPair(f"{path}:5", 4, 'She said " we', "goes", "go", "green-original", 0),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("form\tclass\n", "no column 'constr_id'"),
        (table(row("use", "correct", "a")), r"sentence \('12', '2'\) has one row"),
        (table(row("use", "correct", "a"), row("uses", "correct", "a")), r":3: the two rows of a sentence must be of class"),
        (table(row("use", "correct", "a", "x"), row("uses", "wrong", "a")), r":2: n_attr and len_context must be whole numbers"),
    ],
)
def test_what_is_no_generated_tab_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "generated.tab"
    path.write_text(text)
    with pytest.raises(RnnpipeError, match=told):
        list(read_gulordava(path, "green"))


def linzen(folder: Path, text: str, gold: str, places: str) -> Path:
    for suffix, content in (("text", text), ("gold", gold), ("eval", places)):
        (folder / f"filtered.{suffix}").write_text(content)
    return folder / "filtered"


def test_three_files_whose_lines_belong_together(tmp_path: Path) -> None:
    stem = linzen(tmp_path, "the total area under forests is large . <eos>\nadvocates assert that . <eos>\n",
                  "5\tis\tare\t1\n1\tassert\tasserts\t0\n", "5\n1\n")  # fmt: skip
    assert list(read_linzen(stem, "linzen")) == [
        MinimalPair(f"{stem}.gold:1", UNKNOWN, "the total area under forests", "is", "are", "linzen", 1),
        MinimalPair(f"{stem}.gold:2", UNKNOWN, "advocates", "assert", "asserts", "linzen", 0),
    ]


@pytest.mark.parametrize(
    ("gold", "places", "told"),
    [
        ("2\tis\tare\t0\n", "3\n", "'is' is not word 2"),
        ("1\tis\tare\t0\n", "1\n", "'is' is not word 1"),
        ("2 is are 0\n", "2\n", "a line has place"),
        ("2\tis\tare\t0\n", "", "1 lines, but 1 of .text and 0 of .eval"),
        ("9\tis\tare\t0\n", "9\n", "'is' is not word 9"),
    ],
)
def test_lines_that_do_not_belong_together_are_refused(tmp_path: Path, gold: str, places: str, told: str) -> None:
    with pytest.raises(RnnpipeError, match=told):
        list(read_linzen(linzen(tmp_path, "the area is large\n", gold, places), "linzen"))


def test_own_pairs_may_have_groups_and_attractors(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("distance\tprefix\tgood\tbad\tgroup\tattractors\n3\tthe dogs near it\tbark\tbarks\tacross a phrase\t1\n")
    assert read_pairs(path) == [MinimalPair(f"{path}:2", 3, "the dogs near it", "bark", "barks", "across a phrase", 1)]
    path.write_text("distance\tprefix\tgood\tbad\tgroup\tattractors\n3\tthe dogs\tbark\tbarks\tphrase\tone\n")
    with pytest.raises(RnnpipeError, match="a group and a whole number"):
        read_pairs(path)


def test_a_corpus_names_its_files_or_has_pairs_tsv(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("distance\tprefix\tgood\tbad\n3\tthe dogs\tbark\tbarks\n")
    linzen(tmp_path, "the area is large\n", "2\tis\tare\t0\n", "2\n")
    assert [(pair.group, pair.good) for pair in all_pairs(tmp_path, {})] == [("", "bark")]
    files = {"own": PairFile(file="pairs.tsv"), "wiki": PairFile(file="filtered", format="linzen")}
    assert [(pair.group, pair.good) for pair in all_pairs(tmp_path, files)] == [("own", "bark"), ("wiki", "is")]
    with pytest.raises(RnnpipeError, match=r"other.tsv: no such file"):
        all_pairs(tmp_path, {"own": PairFile(file="other.tsv")})
    with pytest.raises(RnnpipeError, match=r"other.text: no such file"):
        all_pairs(tmp_path, {"own": PairFile(file="other", format="linzen")})
