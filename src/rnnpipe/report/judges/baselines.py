"""Claims that hold a recurrent network against what ignores the order of words."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.groups import format_number, group_runs
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.scores import by_corpus, of_cell, strongest


def bag_of_words(measurements: Measurements) -> Verdict:
    """Ask, on a grammar, that a bag of words stays near its ceiling and well below the LSTM."""
    bars = measurements.params.report.claims
    bags = by_corpus(group_runs(measurements.of("bag_of_words")))
    lstms = by_corpus(of_cell(group_runs(measurements.of("sentiment")), "lstm"))
    judged, figures = [], []
    for corpus, groups in bags.items():
        best = strongest([group for group in lstms.get(corpus, []) if group.spread("accuracy")])
        bag, lstm = groups[0].spread("accuracy"), best.spread("accuracy") if best else None
        ceiling = groups[0].spread("bag_of_words_ceiling")
        if bag and lstm and ceiling:
            close = abs(bag.mean - ceiling.mean) <= bars.bag_of_words_ceiling
            judged.append(close and lstm.mean - bag.mean >= bars.bag_of_words_gap)
            figures.append(f"{corpus}: {bag.text()} %, ceiling {format_number(ceiling.mean, 1)} %, LSTM {lstm.text()} %")
        elif bag:
            figures.append(f"{corpus}: {bag.text()} %" + (f", LSTM {lstm.text()} %" if lstm else ""))
    if not judged:
        return Verdict("shown", join(figures)) if figures else NOT_MEASURED
    return verdict_if(all(judged), join(figures))


def standard_network(measurements: Measurements) -> Verdict:
    """Ask that the plain RNN beats the standard network on the same corpus, also on longer texts than were trained on."""
    networks = by_corpus(group_runs(measurements.of("feedforward")))
    rnns = by_corpus(of_cell(group_runs(measurements.of("sentiment")), "rnn"))
    judged, figures = [], []
    for corpus, groups in networks.items():
        best = strongest([group for group in rnns.get(corpus, []) if group.spread("accuracy")])
        if not best:
            continue
        for key, name in (("accuracy", "as trained"), ("longer.accuracy", "longer")):
            network, rnn = groups[0].spread(key), best.spread(key)
            if network and rnn:
                judged.append(rnn.mean > network.mean)
                figures.append(f"{corpus}, {name}: {network.text()} % against {rnn.text()} %")
    if len(judged) < 2:
        return Verdict("not yet measured", join(figures)) if figures else NOT_MEASURED
    return verdict_if(all(judged), join(figures))
