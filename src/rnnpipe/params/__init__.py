"""The parameters: `params.yaml`, read once into frozen, strictly checked values.

Each class is one kind of entry; the lines under its fields say unit, range and what None means.
"""

from rnnpipe.params.base import NO_RESULT, find
from rnnpipe.params.baselines import BagOfWordsRun, FeedforwardRun, NgramRun
from rnnpipe.params.corpora import (
    AgreementGrammar,
    ColumnsCorpus,
    Corpus,
    Download,
    EntityGrammar,
    FeatureGrammar,
    Grammar,
    JoinedCorpus,
    LabelledCorpus,
    OpinionGrammar,
    TextCorpus,
    TextTokens,
    VocabularySettings,
)
from rnnpipe.params.document import Params
from rnnpipe.params.embeddings import (
    CooccurrenceSettings,
    DeclaredEmbedding,
    EmbeddingEvaluation,
    GloVeRun,
    ImportedEmbedding,
    SoftmaxSettings,
    WindowRun,
    Word2VecRun,
)
from rnnpipe.params.loading import load_params
from rnnpipe.params.report import ClaimThresholds, Report
from rnnpipe.params.tasks import Cell, Initialisation, LanguageModelRun, LongTermRun, NerRun, Run, SentimentRun

__all__ = [
    "NO_RESULT",
    "AgreementGrammar",
    "BagOfWordsRun",
    "Cell",
    "ClaimThresholds",
    "ColumnsCorpus",
    "CooccurrenceSettings",
    "Corpus",
    "DeclaredEmbedding",
    "Download",
    "EmbeddingEvaluation",
    "EntityGrammar",
    "FeatureGrammar",
    "FeedforwardRun",
    "GloVeRun",
    "Grammar",
    "ImportedEmbedding",
    "Initialisation",
    "JoinedCorpus",
    "LabelledCorpus",
    "LanguageModelRun",
    "LongTermRun",
    "NerRun",
    "NgramRun",
    "OpinionGrammar",
    "Params",
    "Report",
    "Run",
    "SentimentRun",
    "SoftmaxSettings",
    "TextCorpus",
    "TextTokens",
    "VocabularySettings",
    "WindowRun",
    "Word2VecRun",
    "find",
    "load_params",
]
