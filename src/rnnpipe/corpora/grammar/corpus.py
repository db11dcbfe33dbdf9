"""The files of the sample corpora in `data/raw/<corpus>/`, all a pure function of settings and seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import write_json
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv, write_lines
from rnnpipe.corpora.grammar import agreement, entity, feature, opinion, state, tune
from rnnpipe.params import AgreementGrammar, EntityGrammar, FeatureGrammar, Grammar, OpinionGrammar, StateGrammar, TuneGrammar

Truth = dict[str, Any]
"""What is known of a corpus: plain data."""


def write_corpus(settings: Grammar, seed: int, directory: Path) -> None:
    """Write the files of a sample corpus into an existing directory.

    Parameters
    ----------
    settings : Grammar
        An entry of `grammars`.
    seed : int
        Equal seeds give equal bytes.
    directory : Path
        agreement: `<split>.txt` and `pairs.tsv`; opinion: `<split>.csv`; entity: `<split>.conll` and `pairs.conll`;
        feature: `train.txt`, `features.tsv`, `analogies.txt`, `similarity.tsv`; tune: `<split>.txt`; state: `<split>.conll`;
        each also `truth.json`, which holds `settings` under the key `grammar`.
    """
    match settings:
        case AgreementGrammar():
            truth = _write_agreement(settings, seed, directory)
        case OpinionGrammar():
            truth = _write_opinion(settings, seed, directory)
        case EntityGrammar():
            truth = _write_entity(settings, seed, directory)
        case FeatureGrammar():
            truth = _write_feature(settings, seed, directory)
        case TuneGrammar():
            truth = {"perplexity": _write_language(settings, tune.TuneLanguage.from_settings(settings), seed, directory)}
        case StateGrammar():
            truth = _write_state(settings, seed, directory)
    write_json(directory / "truth.json", {**truth, "grammar": settings.model_dump()})


def acceptor(truth: Mapping[str, Any]) -> Callable[[list[str]], bool] | None:
    """Return the function that says whether tokens, without <eos>, are a sentence (a whole review) of the grammar.

    Parameters
    ----------
    truth : mapping
        What `truth.json` holds. None is returned where no grammar made the corpus.

    Raises
    ------
    RnnpipeError
        The settings in it are none of a grammar.
    """
    if "grammar" not in truth:
        return None
    try:
        settings: Grammar = TypeAdapter(Grammar).validate_json(json.dumps(truth["grammar"]))
    except ValidationError as error:
        raise RnnpipeError(f"truth.json: grammar: {error.errors()[0]['msg']}; run the stage generate_corpus again") from None
    return _acceptor_of(settings)


def _acceptor_of(settings: Grammar) -> Callable[[list[str]], bool]:
    accepts: Callable[[list[str]], bool]
    match settings:
        case AgreementGrammar():
            accepts = agreement.AgreementLanguage.from_settings(settings).accepts
        case OpinionGrammar():
            accepts = opinion.accepts
        case EntityGrammar():
            accepts = entity.accepts
        case FeatureGrammar():
            accepts = feature.accepts
        case TuneGrammar():
            accepts = tune.TuneLanguage.from_settings(settings).accepts
        case StateGrammar():
            accepts = partial(state.accepts, settings.problem)
    return accepts


def _write_agreement(settings: AgreementGrammar, seed: int, directory: Path) -> Truth:
    language = agreement.AgreementLanguage.from_settings(settings)
    floors = _write_language(settings, language, seed, directory)
    random = Random(derive_seed(seed, "pairs"))
    pairs = [language.minimal_pair(random, distance) for distance in settings.distances for _ in range(settings.pairs)]
    rows = [(pair.distance, " ".join(pair.prefix), pair.good, pair.bad) for pair in pairs]
    write_csv(directory / "pairs.tsv", ("distance", "prefix", "good", "bad"), rows, delimiter="\t")
    return {"perplexity": floors}


def _write_language(
    settings: AgreementGrammar | TuneGrammar, language: agreement.Language, seed: int, directory: Path
) -> dict[str, float]:
    """Write the splits of a language whose probabilities are known; return the lowest possible perplexity of each."""
    floors = {}
    for split in ("train", "valid", "test"):
        random = Random(derive_seed(seed, split))
        sentences = [language.sample(random) for _ in range(getattr(settings, split))]
        _write_sentences(directory / f"{split}.txt", sentences)
        floors[split] = agreement.perplexity_floor(language, sentences)
    return floors


def _write_opinion(settings: OpinionGrammar, seed: int, directory: Path) -> Truth:
    splits = {"train": settings.train, "valid": settings.valid, "test": settings.test, "test_longer": settings.test}
    truth = {}
    for split, count in splits.items():
        random = Random(derive_seed(seed, split))
        lengths = opinion.LONGER if split == "test_longer" else opinion.LENGTHS
        reviews = [opinion.sample_review(settings, lengths, random) for _ in range(count)]
        rows = [(review.text, review.label, review.stars) for review in reviews]
        write_csv(directory / f"{split}.csv", ("text", "label", "stars"), rows)
        correct = sum(review.label == review.true_label for review in reviews)
        truth[split] = {
            "bayes_accuracy": 100 * correct / count,
            "bag_of_words_ceiling": opinion.bag_of_words_ceiling(settings, lengths),
        }
    return {**truth["test"], "test_longer": truth["test_longer"]}


def _write_entity(settings: EntityGrammar, seed: int, directory: Path) -> Truth:
    truth = {}
    for split in entity.SPLITS:
        random = Random(derive_seed(seed, split))
        sentences = [entity.sample_sentence(settings, split, random) for _ in range(getattr(settings, split))]
        _write_conll(directory / f"{split}.conll", sentences)
        truth[split] = entity.right_resolved_share(sentences)
    _write_conll(directory / "pairs.conll", entity.context_pairs())
    return {"resolved_by_right_context": truth}


def _write_feature(settings: FeatureGrammar, seed: int, directory: Path) -> Truth:
    random = Random(derive_seed(seed, "train"))
    _write_sentences(directory / "train.txt", [feature.sample_sentence(settings, random) for _ in range(settings.train)])
    rows = [(word, *feature.features(word)) for word in feature.WORDS]
    write_csv(directory / "features.tsv", ("word", *feature.FEATURES), rows, delimiter="\t")
    write_csv(directory / "similarity.tsv", ("word1", "word2", "score"), feature.similarities(), delimiter="\t")
    questions = feature.analogies()
    lines = [[f": {section}", *(" ".join(question) for question in questions[section])] for section in questions]
    write_lines(directory / "analogies.txt", (line for section in lines for line in section))
    return {"analogies": sum(map(len, questions.values())), "words": len(feature.WORDS)}


def _write_state(settings: StateGrammar, seed: int, directory: Path) -> Truth:
    for split in state.SPLITS:
        random, count = Random(derive_seed(seed, split)), getattr(settings, split.removesuffix("_longer"))
        _write_conll(directory / f"{split}.conll", [state.sample_sentence(settings, split, random) for _ in range(count)])
    return {"guessing_accuracy": state.guessing_accuracy(settings.problem)}


def _write_sentences(path: Path, sentences: Iterable[Sequence[str]]) -> None:
    write_lines(path, (" ".join(tokens) for tokens in sentences))


def _write_conll(path: Path, sentences: Iterable[entity.Sentence]) -> None:
    write_lines(path, ("".join(f"{token} {tag}\n" for token, tag in sentence) for sentence in sentences))
