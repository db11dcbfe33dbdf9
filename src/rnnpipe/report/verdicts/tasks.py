"""Claims about what one task reaches: language models, sentiment, IMDb at the lecture's sizes."""

from rnnpipe.params import ColumnsCorpus
from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.read.groups import (
    Group,
    Spread,
    best_group,
    by_corpus,
    format_number,
    group_runs,
    of_cell,
    pairs_differing_in,
)
from rnnpipe.report.read.measurements import Measurements

TEST, LONGER = "accuracy.test", "accuracy.test_longer"
MARKS = {"keep": "marks are words", "drop": "marks are dropped"}
"""`punctuation` of a corpus' entry, in words."""


def probability(measurements: Measurements) -> Verdict:
    """Ask that the correct word of minimal pairs is preferred by more than chance, on every corpus that has such pairs."""
    errors = measurements.params.report.claims.pair_errors
    judged = []
    for corpus, group in _best_by_corpus(measurements, "pairs.share"):
        runs = [(run.number("pairs.share"), run.number("pairs.count")) for run in group.runs]
        shares = [(share, pairs) for share, pairs in runs if share is not None and pairs]
        clear = all(share > 50.0 + errors * 50.0 / pairs**0.5 for share, pairs in shares)
        judged.append((bool(shares) and clear, f"{corpus}: {group.text('pairs.share')} % of {shares[0][1] if shares else 0:.0f}"))
    return verdict_if(all(holds for holds, _ in judged), join(figure for _, figure in judged)) if judged else NOT_MEASURED


def perplexity(measurements: Measurements) -> Verdict:
    """Hold the best LSTM (by its validation score) of each grammar corpus against the lowest possible perplexity."""
    bar = measurements.params.report.claims.perplexity_ratio
    best = _best_by_corpus(measurements, "perplexity.ratio", cell="lstm")
    ratios = [spread.mean for _, group in best if (spread := group.spread("perplexity.ratio"))]
    if not ratios:
        return NOT_MEASURED
    figure = join(
        f"{group.first.name}: {group.text('perplexity.test', 2)}, {group.text('perplexity.ratio', 3)} × the floor"
        for _, group in best
    )
    return verdict_if(max(ratios) <= bar, figure)


def unknown(measurements: Measurements) -> Verdict:
    """Show the share of unknown words of every corpus beside the size of its vocabulary."""
    figures = []
    for corpus in measurements.vocabularies:
        split = next(
            (name for name in ("test", "validation", "train") if corpus.number(f"splits.{name}.oov_rate") is not None), None
        )
        if split:
            rate = format_number(corpus.number(f"splits.{split}.oov_rate") or 0.0, 2)
            figures.append(f"{corpus.name}: {rate} % of {split} at {corpus.number('size') or 0:,.0f} words")
    return Verdict("shown", join(figures)) if figures else NOT_MEASURED


def punctuation(measurements: Measurements) -> Verdict:
    """Show the perplexity of a character for models alike but for their corpora, which differ only in whether marks are kept."""
    figures = []
    groups = [group for group in group_runs(measurements.of_task("language_model")) if group.spread("perplexity.per_character")]
    for family in pairs_differing_in(groups, "corpus"):
        texts: dict[str, dict[str, Group]] = {}
        for group in family:
            name = group.first.parameter("corpus")
            entry = measurements.params.corpora[name]
            if not isinstance(entry, ColumnsCorpus):
                own = entry.model_dump_json(exclude={"punctuation", "vocabulary", "raw"})
                texts.setdefault(f"{entry.raw or name} {own}", {})[entry.punctuation] = group
        for pair in texts.values():
            if len(pair) == len(MARKS):
                figures += [f"{pair[kind].name}, {words}: {_by_character(pair[kind])}" for kind, words in MARKS.items()]
    return Verdict("shown", join(figures)) if figures else NOT_MEASURED


def _by_character(group: Group) -> str:
    return f"{group.text('perplexity.per_character', 3)} a character, {group.text('perplexity.test', 2)} a word"


def sampling(measurements: Measurements) -> Verdict:
    """Ask that the grammar accepts what the best model draws, and that it never draws `<unk>`."""
    bar = measurements.params.report.claims.accepted_share
    best = _best_by_corpus(measurements, "sampling.accepted")
    accepted = [spread.mean for _, group in best if (spread := group.spread("sampling.accepted"))]
    if not accepted:
        return NOT_MEASURED
    figure = join(
        f"{group.first.name}: {group.text('sampling.accepted')} % accepted, {group.text('length.sampled')} words long "
        f"against {group.text('length.corpus')} in the corpus"
        for _, group in best
    )
    unknown_words = sum(run.number("sampling.unknown") or 0.0 for _, group in best for run in group.runs)
    return verdict_if(min(accepted) >= bar and unknown_words == 0, f"{figure}\n<unk> drawn: {unknown_words:.0f}")


def _best_by_corpus(measurements: Measurements, key: str, cell: str | None = None) -> list[tuple[str, Group]]:
    """Return, for each corpus with a figure, the best recurrent model by its validation score, of one cell if it has any."""
    groups = [group for group in group_runs(measurements.of("language_model")) if group.spread(key)]
    found = []
    for corpus, members in by_corpus(groups).items():
        best = best_group((of_cell(members, cell) if cell else members) or members)
        if best:
            found.append((corpus, best))
    return found


def bag_of_words(measurements: Measurements) -> Verdict:
    """Ask, on a grammar, that counting single words comes near its ceiling and stays well below the LSTM."""
    bars = measurements.params.report.claims
    judged, figures = [], []
    for corpus, groups in by_corpus(group_runs(measurements.of("bag_of_words"))).items():
        bag = next((group for group in groups if group.first.parameter("ngrams") == 1 and group.spread(TEST)), None)
        if bag is None:
            continue
        accuracy, ceiling, lstm = bag.spread(TEST), bag.spread("truth.bag_of_words_ceiling"), _best(measurements, corpus, "lstm")
        figures.append(f"{corpus}: {bag.text(TEST)} %" + (f", LSTM {lstm.text()} %" if lstm else ""))
        if accuracy and ceiling and lstm:
            figures[-1] += f", ceiling {format_number(ceiling.mean, 1)} %"
            near = abs(accuracy.mean - ceiling.mean) <= bars.bag_of_words_ceiling
            judged.append(near and lstm.mean - accuracy.mean >= bars.bag_of_words_gap)
    if not judged:
        return Verdict("shown", join(figures)) if figures else NOT_MEASURED
    return verdict_if(all(judged), join(figures))


def standard_network(measurements: Measurements) -> Verdict:
    """Ask that the plain RNN beats the MLP on texts as long as in training, and clearly on longer ones."""
    bar = measurements.params.report.claims.standard_network_gap
    judged, figures = [], []
    for corpus, groups in by_corpus(group_runs(measurements.of("mlp"))).items():
        for key, name, least in ((TEST, "as long as in training", 0.0), (LONGER, "longer", bar)):
            mlp, rnn = groups[0].spread(key), _best(measurements, corpus, "rnn", key)
            if mlp and rnn:
                judged.append(rnn.mean - mlp.mean > least)
                figures.append(f"{corpus}, {name}: {mlp.text()} % against {rnn.text()} %")
    if len(judged) < 2:
        return Verdict("not yet measured", join(figures)) if figures else NOT_MEASURED
    return verdict_if(all(judged), join(figures))


def _best(measurements: Measurements, corpus: str, cell: str, key: str = TEST) -> Spread | None:
    """Return a score of the best network of one cell, by its validation score."""
    groups: list[Group] = by_corpus(of_cell(group_runs(measurements.of("sentiment")), cell)).get(corpus, [])
    best = best_group([group for group in groups if group.spread(key)])
    return best.spread(key) if best else None


def imdb_rnn(measurements: Measurements) -> Verdict:
    """Judge the plain RNN."""
    return _entry_level(measurements, "rnn", measurements.params.report.claims.imdb_rnn)


def imdb_lstm(measurements: Measurements) -> Verdict:
    """Judge the LSTM."""
    return _entry_level(measurements, "lstm", measurements.params.report.claims.imdb_lstm)


def imdb_leading(measurements: Measurements) -> Verdict:
    """Look for any network above the bar; as long as there is none, the claim waits for the leading recipes."""
    best = best_group(_on_imdb(measurements))
    spread = best.spread(TEST) if best else None
    if not spread:
        return NOT_MEASURED
    if spread.mean > measurements.params.report.claims.imdb_leading:
        return Verdict("holds", spread.text(1, " %"))
    return Verdict("not yet measured", f"best network so far: {spread.text(1, ' %')}")


def _entry_level(measurements: Measurements, cell: str, bar: float) -> Verdict:
    best = best_group([group for group in of_cell(_on_imdb(measurements), cell) if _is_entry_level(measurements, group)])
    spread = best.spread(TEST) if best else None
    if not spread:
        return NOT_MEASURED
    seeds = measurements.params.report.claims.seeds
    if len(spread.values) < seeds:
        return Verdict("not yet measured", f"{spread.text(1, ' %')} on {len(spread.values)} of {seeds} seeds")
    return verdict_if(spread.mean >= bar, spread.text(1, " %"))


def _on_imdb(measurements: Measurements) -> list[Group]:
    imdb = measurements.params.report.imdb
    groups = group_runs(measurements.of("sentiment")) if imdb else ()
    return [group for group in groups if imdb and group.first.parameter("corpus") in imdb.corpora and group.spread(TEST)]


def _is_entry_level(measurements: Measurements, group: Group) -> bool:
    """Tell whether a group is the set-up that `report.imdb` says; its vectors are learned with the task."""
    setup, run = measurements.params.report.imdb, group.first
    embedding = measurements.params.embeddings.get(run.parameter("embedding"))
    if setup is None or embedding is None or embedding.dimension != setup.dimension:
        return False
    read = run.parameter("max_length")
    alike = (run.parameter("network.layers"), run.parameter("network.bidirectional")) == (setup.layers, setup.bidirectional)
    return alike and read is not None and setup.max_length in (None, read)
