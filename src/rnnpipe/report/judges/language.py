"""Claims about language models."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.groups import Group, format_number, group_runs
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.scores import by_corpus, of_cell, strongest

STANDARD_ERRORS = 3.0


def probability(measurements: Measurements) -> Verdict:
    """Ask that the right word of minimal pairs is preferred by more than chance, on every corpus that has such pairs."""
    judged = []
    for corpus, group in _spokesmen(measurements, "pairs.share"):
        runs = [(run.number("pairs.share"), run.number("pairs.count")) for run in group.runs]
        shares = [(share, pairs) for share, pairs in runs if share is not None and pairs]
        clear = all(share > 50.0 + STANDARD_ERRORS * 50.0 / pairs**0.5 for share, pairs in shares)
        judged.append((bool(shares) and clear, f"{corpus}: {group.text('pairs.share')} % of {shares[0][1] if shares else 0:.0f}"))
    return verdict_if(all(holds for holds, _ in judged), join(figure for _, figure in judged)) if judged else NOT_MEASURED


def perplexity(measurements: Measurements) -> Verdict:
    """Hold the strongest LSTM (by validation loss) of each grammar corpus against the lowest possible perplexity."""
    bar = measurements.params.report.claims.perplexity_ratio
    spokesmen = _spokesmen(measurements, "perplexity.ratio", cell="lstm")
    ratios = [spread.mean for _, group in spokesmen if (spread := group.spread("perplexity.ratio"))]
    if not ratios:
        return NOT_MEASURED
    figure = join(
        f"{group.first.name}: {group.text('perplexity.test', 2)}, {group.text('perplexity.ratio', 3)} × the floor"
        for _, group in spokesmen
    )
    return verdict_if(max(ratios) <= bar, figure)


def unknown(measurements: Measurements) -> Verdict:
    """Show the share of unknown words of every corpus beside the size of its vocabulary."""
    figures = []
    for corpus in measurements.vocabularies:
        split = next((name for name in ("test", "valid", "train") if corpus.number(f"splits.{name}.oov_rate") is not None), None)
        if split:
            rate = format_number(corpus.number(f"splits.{split}.oov_rate") or 0.0, 2)
            figures.append(f"{corpus.name}: {rate} % of {split} at {corpus.number('size') or 0:,.0f} words")
    return Verdict("shown", join(figures)) if figures else NOT_MEASURED


def punctuation(measurements: Measurements) -> Verdict:
    """Show the perplexity of a character for corpora that differ only in whether punctuation is kept."""
    figures = []
    families: dict[str, list[Group]] = {}
    for corpus, groups in by_corpus(group_runs(measurements.of("language_model"))).items():
        entry = measurements.params.corpora[corpus]
        group = strongest([group for group in groups if group.spread("perplexity.per_character")])
        if group and hasattr(entry, "punctuation"):
            families.setdefault(entry.model_dump_json(exclude={"punctuation", "vocabulary"}), []).append(group)
    for family in families.values():
        corpora = [measurements.params.corpora[group.first.parameter("corpus")] for group in family]
        if len({getattr(entry, "punctuation", None) for entry in corpora}) > 1:
            figures += [f"{group.first.parameter('corpus')}: {group.text('perplexity.per_character', 3)}" for group in family]
    return Verdict("shown", join(figures)) if figures else NOT_MEASURED


def sampling(measurements: Measurements) -> Verdict:
    """Ask that the grammar accepts what the strongest model draws, and that it never draws `<unk>`."""
    bar = measurements.params.report.claims.accepted_share
    spokesmen = _spokesmen(measurements, "sampling.accepted")
    accepted = [spread.mean for _, group in spokesmen if (spread := group.spread("sampling.accepted"))]
    if not accepted:
        return NOT_MEASURED
    figure = join(
        f"{group.first.name}: {group.text('sampling.accepted')} % accepted, {group.text('length.sampled')} words long "
        f"against {group.text('length.corpus')} in the corpus"
        for _, group in spokesmen
    )
    unknown_words = sum(run.number("sampling.unknown") or 0.0 for _, group in spokesmen for run in group.runs)
    return verdict_if(min(accepted) >= bar and unknown_words == 0, f"{figure}\n<unk> drawn: {unknown_words:.0f}")


def _spokesmen(measurements: Measurements, key: str, cell: str | None = None) -> list[tuple[str, Group]]:
    """Return, for each corpus with a figure, the recurrent model of the lowest validation loss, of one cell if it has any."""
    groups = [group for group in group_runs(measurements.of("language_model")) if group.spread(key)]
    found = []
    for corpus, members in by_corpus(groups).items():
        best = strongest((of_cell(members, cell) if cell else members) or members)
        if best:
            found.append((corpus, best))
    return found
