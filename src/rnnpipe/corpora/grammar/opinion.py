"""Reviews whose stars are decided by word order: "the plot is dull but the acting is wonderful".

A review is some neutral sentences and then opinions. An opinion is either clear ("the plot and the music are great")
or mixed: it names a good and a bad word, and only order tells which counts: "but" lets the second clause decide,
"although" the first, "not" turns the word after it. For each mixed opinion there is one of the other polarity with the
same words. The majority of the opinions decides the stars and the label; at three stars the review leans the way it ends.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import add
from random import Random

from rnnpipe.corpora.grammar.drawing import chance, draw_uniform
from rnnpipe.params import OpinionGrammar

WORDS: dict[str, tuple[str, ...]] = {
    "ASPECT": ("plot", "acting", "music", "ending", "script", "cast", "camera", "dialogue", "story", "humour"),
    "GOOD": ("wonderful", "great", "brilliant", "moving", "charming", "clever", "superb", "funny"),
    "BAD": ("dull", "bad", "awful", "boring", "clumsy", "weak", "silly", "stupid"),
    "DAY": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "WHO": ("i", "we", "they"),
}
"""Classes of words. A word is drawn without regard to anything but its class, so it tells no more than its class does."""

NEUTRAL = ("WHO saw it on DAY .", "it was shown on DAY .", "WHO went on DAY with a friend .")
CLEAR = (
    "the ASPECT is GOOD .",
    "the ASPECT and the ASPECT are GOOD .",
)
MIXED = (
    "the ASPECT is BAD but the ASPECT is GOOD .",
    "the ASPECT is GOOD although the ASPECT is BAD .",
    "the ASPECT is not BAD but GOOD .",
    "the ASPECT is not BAD and the ASPECT is GOOD .",
    "the ASPECT is GOOD and the ASPECT is not BAD .",
    "the ASPECT is not BAD at all and the ASPECT is GOOD .",
    "the ASPECT is GOOD and the ASPECT is not BAD at all .",
)
"""Opinions of positive polarity; GOOD and BAD exchanged, they are negative."""

AGREEMENT = 0.85
"""Probability that an opinion has the polarity of the review's mood, which is good or bad alike."""
LENGTHS = (1, 2, 3)
LONGER = (4, 5, 6)
"""Numbers of opinions in a review of train, valid, test, and of `test_longer`."""
MOST_NEUTRAL = 3

Bag = tuple[int, ...]
"""How often each symbol of the templates stands in a text."""


@dataclass(frozen=True)
class Review:
    """A text with its rating."""

    text: str
    label: str
    stars: int
    true_label: str
    """What the rule says; `label` differs where the author ticked the wrong stars."""


def sample_review(settings: OpinionGrammar, lengths: tuple[int, ...], random: Random) -> Review:
    """Return one review of a number of opinions drawn from `lengths`."""
    count = draw_uniform(random, lengths)
    neutral = [draw_uniform(random, NEUTRAL) for _ in range(draw_uniform(random, range(MOST_NEUTRAL + 1)))]
    mood = 1 if chance(random, 0.5) else -1
    polarities = [mood if chance(random, AGREEMENT) else -mood for _ in range(count)]
    opinions = [
        _template(draw_uniform(random, MIXED if chance(random, settings.mixed) else CLEAR), polarity) for polarity in polarities
    ]
    words = [draw_uniform(random, WORDS.get(symbol, (symbol,))) for symbol in " ".join([*neutral, *opinions]).split()]
    stars, positive = _rating(sum(polarities), count, polarities[-1])
    mistaken = chance(random, settings.noise)
    label = positive != mistaken
    return Review(" ".join(words), _name(label), 6 - stars if mistaken else stars, _name(positive))


def bag_of_words_ceiling(settings: OpinionGrammar, lengths: tuple[int, ...]) -> float:
    """Return the accuracy, in percent, of the best classifier that sees only the counts of words.

    Exact: all reviews of class symbols are enumerated, merged by their bag, and each bag counts with its likelier label.
    The neutral sentences and the words within a class are drawn without regard to the label: they cannot help.
    """
    share: dict[tuple[int, Bag, bool], float] = defaultdict(float)
    for count in lengths:
        for (bag, score, last), probability in _states(settings, count).items():
            share[count, bag, _rating(score, count, last)[1]] += probability / len(lengths)
    likelier = {(count, bag): max(share[count, bag, True], share[count, bag, False]) for count, bag, _ in list(share)}
    best = sum(likelier.values())
    return 100 * (best * (1 - settings.noise) + (1 - best) * settings.noise)


def accepts(tokens: list[str]) -> bool:
    """Return whether the tokens are sentences of the grammar: neutral ones first, at least one opinion after them."""
    neutral = {tuple(template.split()) for template in NEUTRAL}
    opinions = {tuple(_template(template, sign).split()) for template in (*CLEAR, *MIXED) for sign in (1, -1)}
    classes = {word: name for name, words in WORDS.items() for word in words}
    symbols = [classes.get(token, token) for token in tokens]
    ends = [position + 1 for position, symbol in enumerate(symbols) if symbol == "."]
    sentences = [tuple(symbols[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
    first = next((position for position, sentence in enumerate(sentences) if sentence not in neutral), len(sentences))
    complete = bool(ends) and ends[-1] == len(tokens)
    return complete and first <= MOST_NEUTRAL and first < len(sentences) and all(s in opinions for s in sentences[first:])


def _states(settings: OpinionGrammar, count: int) -> dict[tuple[Bag, int, int], float]:
    """Return the probability of each (counts of symbols, sum of polarities, last polarity) of `count` opinions."""
    states: dict[tuple[Bag, int, int], float] = defaultdict(float)
    for mood in (1, -1):
        opinions = _opinions(settings, mood)
        layer = {(bag, polarity, polarity): probability / 2 for (bag, polarity), probability in opinions.items()}
        for _ in range(count - 1):
            following: dict[tuple[Bag, int, int], float] = defaultdict(float)
            for (bag, score, _last), before in layer.items():
                for (added, polarity), probability in opinions.items():
                    both = tuple(map(add, bag, added))
                    following[both, score + polarity, polarity] += before * probability
            layer = following
        for state, probability in layer.items():
            states[state] += probability
    return states


def _opinions(settings: OpinionGrammar, mood: int) -> dict[tuple[Bag, int], float]:
    """Return the probability of each (counts of symbols, polarity) of one opinion."""
    symbols = sorted({symbol for template in (*CLEAR, *MIXED) for symbol in template.split()})
    opinions: dict[tuple[Bag, int], float] = defaultdict(float)
    for polarity in (1, -1):
        agrees = AGREEMENT if polarity == mood else 1 - AGREEMENT
        for templates, share in ((MIXED, settings.mixed), (CLEAR, 1 - settings.mixed)):
            for template in templates:
                opinion = _template(template, polarity).split()
                opinions[tuple(opinion.count(symbol) for symbol in symbols), polarity] += agrees * share / len(templates)
    return opinions


def _template(template: str, polarity: int) -> str:
    if polarity > 0:
        return template
    return template.replace("GOOD", "_").replace("BAD", "GOOD").replace("_", "BAD")


def _rating(score: int, count: int, last: int) -> tuple[int, bool]:
    """Return stars and whether the review is positive, from the sum of the polarities of `count` opinions and the last one."""
    if score == 0:
        return 3, last > 0
    unanimous = abs(score) == count
    return (5 if unanimous else 4) if score > 0 else (1 if unanimous else 2), score > 0


def _name(positive: bool) -> str:
    return "positive" if positive else "negative"
