"""Minimal pairs in the formats that others give them out in, and where a corpus says which files of which format it has.

Both come from the files of Gulordava et al. 2018, "Colorless green recurrent networks dream hierarchically": `generated.tab`, of
their own sentences, and `subj_agr_filtered`, of those of Linzen et al. 2016.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.delimited import read_table
from rnnpipe.corpora.lines import read_lines
from rnnpipe.corpora.pairs import NUMBER, PAIRS, UNKNOWN, MinimalPair, read_pairs
from rnnpipe.params.corpora import PairFile

COLUMNS = ("constr_id", "sent_id", "form", "class", "type", "prefix", "n_attr", "len_context")
"""Of `generated.tab`, which are read; it has more of them."""


def all_pairs(raw: Path, files: Mapping[str, PairFile]) -> list[MinimalPair]:
    """Read the minimal pairs of a corpus out of its folder in `data/raw`.

    Parameters
    ----------
    raw : Path
        The folder.
    files : mapping of str to PairFile
        Group → file; empty: `pairs.tsv`, if there is one.

    Raises
    ------
    RnnpipeError
        A file is missing or is not of its format: file:line.
    """
    found = [] if files else read_pairs(raw / PAIRS)
    for group, entry in files.items():
        path = raw / entry.file
        if not (path.is_file() or entry.format == "linzen"):
            raise RnnpipeError(f"{path}: no such file; put it there, or take it out of the corpus' pairs")
        match entry.format:
            case "pairs":
                found += read_pairs(path, group)
            case "gulordava":
                found += read_gulordava(path, group)
            case "linzen":
                found += read_linzen(path, group)
    return found


def read_gulordava(path: Path, group: str) -> Iterator[MinimalPair]:
    """Yield the pairs of a `generated.tab`: of each sentence a row with the right form and one with the wrong form.

    They belong to `<group>-original` and `<group>-generated`, sentences of a treebank and the same of words without sense. The
    distance is one less than `len_context`, which counts the word that decides.

    Raises
    ------
    RnnpipeError
        A column is missing, or two rows are no pair: file:line. See also `read_table`.
    """
    waiting: dict[tuple[str, ...], dict[str, str]] = {}
    for row in read_table(read_lines(path), str(path), "csv", COLUMNS, "take the file generated.tab as it was given out"):
        cells = row.fields
        if not (NUMBER.fullmatch(cells["n_attr"]) and NUMBER.fullmatch(cells["len_context"])):
            raise RnnpipeError(f"{row.where}: n_attr and len_context must be whole numbers")
        sentence = (cells["constr_id"], cells["sent_id"], cells["type"], cells["prefix"])
        other = waiting.pop(sentence, None)
        if other is None:
            waiting[sentence] = cells
            continue
        forms = {one["class"]: one["form"] for one in (other, cells)}
        if forms.keys() != {"correct", "wrong"}:
            raise RnnpipeError(f"{row.where}: the two rows of a sentence must be of class correct and wrong, not {sorted(forms)}")
        distance, named = max(int(cells["len_context"]) - 1, 0), f"{group}-{'-'.join(cells['type'].split())}"
        attractors = int(cells["n_attr"])
        yield MinimalPair(row.where, distance, cells["prefix"], forms["correct"], forms["wrong"], named, attractors)
    if waiting:
        raise RnnpipeError(f"{path}: sentence {next(iter(waiting))[:2]} has one row; each has one of class correct and one wrong")


def read_linzen(stem: Path, group: str) -> Iterator[MinimalPair]:
    """Yield the pairs of three files whose lines belong together: `.text`, `.gold` and `.eval`.

    `.text`: a sentence, its words parted by spaces; `.gold`: place of the verb in it from 0, its right and its wrong form, number
    of attractors, parted by tabs; `.eval`: the place once more. They tell no distance.

    Raises
    ------
    RnnpipeError
        A file is missing, or lines do not belong together: file:line.
    """
    paths = [stem.with_name(f"{stem.name}.{suffix}") for suffix in ("text", "gold", "eval")]
    texts, golds, places = (list(read_lines(path)) for path in paths)
    if not len(texts) == len(golds) == len(places):
        raise RnnpipeError(
            f"{paths[1]}: {len(golds)} lines, but {len(texts)} of .text and {len(places)} of .eval; they must agree"
        )
    for number, (text, gold, place) in enumerate(zip(texts, golds, places, strict=True), start=1):
        words, fields, where = text.split(), gold.split("\t"), f"{paths[1]}:{number}"
        if len(fields) != 4 or not (NUMBER.fullmatch(fields[0]) and NUMBER.fullmatch(fields[3])):
            raise RnnpipeError(f"{where}: a line has place, right form, wrong form and attractors, parted by tabs, not {fields}")
        at, good, bad = int(fields[0]), fields[1], fields[2]
        if place.strip() != fields[0] or at >= len(words) or words[at] != good:
            raise RnnpipeError(
                f"{where}: {good!r} is not word {at} (from 0) of that line in .text and .eval; do the lines agree?"
            )
        yield MinimalPair(where, UNKNOWN, " ".join(words[:at]), good, bad, group, int(fields[3]))
