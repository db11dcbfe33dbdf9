"""Claims that hold a recurrent network against what ignores the order of words."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.groups import Group, Spread, format_number, group_runs
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.scores import by_corpus, of_cell, strongest

TEST, LONGER = "accuracy.test", "accuracy.test_longer"


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
    """Ask that the plain RNN beats the standard network on texts as long as in training, and clearly on longer ones."""
    bar = measurements.params.report.claims.standard_network_gap
    judged, figures = [], []
    for corpus, groups in by_corpus(group_runs(measurements.of("feedforward"))).items():
        for key, name, least in ((TEST, "as long as in training", 0.0), (LONGER, "longer", bar)):
            network, rnn = groups[0].spread(key), _best(measurements, corpus, "rnn", key)
            if network and rnn:
                judged.append(rnn.mean - network.mean > least)
                figures.append(f"{corpus}, {name}: {network.text()} % against {rnn.text()} %")
    if len(judged) < 2:
        return Verdict("not yet measured", join(figures)) if figures else NOT_MEASURED
    return verdict_if(all(judged), join(figures))


def _best(measurements: Measurements, corpus: str, cell: str, key: str = TEST) -> Spread | None:
    """Return a score of the network with the lowest validation loss among those of one cell."""
    groups: list[Group] = by_corpus(of_cell(group_runs(measurements.of("sentiment")), cell)).get(corpus, [])
    best = strongest([group for group in groups if group.spread(key)])
    return best.spread(key) if best else None
