"""The parameters: `params.yaml`, read once into frozen, strictly checked values.

Each class is one kind of entry; the lines under its fields say unit, range and what None means.
"""

from rnnpipe.params.base import NO_RESULT, Score, Selection, find
from rnnpipe.params.baselines import BagOfWordsRun, FeatureTaggerRun, MixedRun, MlpRun, NgramRun
from rnnpipe.params.clipping import ClippingSettings
from rnnpipe.params.corpora import (
    ColumnsCorpus,
    Corpus,
    Download,
    JoinedCorpus,
    LabelledCorpus,
    PairFile,
    TextCorpus,
    TextTokens,
    VocabularySettings,
)
from rnnpipe.params.document import Params
from rnnpipe.params.embeddings import (
    ContextualEmbedding,
    CooccurrenceSettings,
    DeclaredEmbedding,
    EmbeddingEvaluation,
    GloVeRun,
    ImportedEmbedding,
    SoftmaxSettings,
    WindowRun,
    Word2VecRun,
)
from rnnpipe.params.evaluation import CacheGrid, DynamicGrid, LanguageModelEvaluation
from rnnpipe.params.grammars import (
    AgreementGrammar,
    EntityGrammar,
    FeatureGrammar,
    Grammar,
    OpinionGrammar,
    StateGrammar,
    TuneGrammar,
)
from rnnpipe.params.loading import load_params
from rnnpipe.params.network import Cell, Initialisation, LanguageModelNetwork, Network, Optimizer, Pooling, Trainer
from rnnpipe.params.project import load_project
from rnnpipe.params.registry import Gate, Registry
from rnnpipe.params.report import ClaimBars, ImdbRuns, Report
from rnnpipe.params.run import Run
from rnnpipe.params.tagging import NerNetwork, NerRun
from rnnpipe.params.tasks import (
    LanguageModelRun,
    LongTermRun,
    SentimentNetwork,
    SentimentRun,
    TaskSections,
)

__all__ = [
    "AgreementGrammar",
    "BagOfWordsRun",
    "CacheGrid",
    "Cell",
    "ClaimBars",
    "ClippingSettings",
    "ColumnsCorpus",
    "ContextualEmbedding",
    "CooccurrenceSettings",
    "Corpus",
    "DeclaredEmbedding",
    "Download",
    "DynamicGrid",
    "EmbeddingEvaluation",
    "EntityGrammar",
    "FeatureGrammar",
    "FeatureTaggerRun",
    "Gate",
    "GloVeRun",
    "Grammar",
    "ImdbRuns",
    "ImportedEmbedding",
    "Initialisation",
    "JoinedCorpus",
    "LabelledCorpus",
    "LanguageModelEvaluation",
    "LanguageModelNetwork",
    "LanguageModelRun",
    "LongTermRun",
    "MixedRun",
    "MlpRun",
    "NO_RESULT",
    "NerNetwork",
    "NerRun",
    "Network",
    "NgramRun",
    "OpinionGrammar",
    "Optimizer",
    "PairFile",
    "Params",
    "Pooling",
    "Registry",
    "Report",
    "Run",
    "Score",
    "Selection",
    "SentimentNetwork",
    "SentimentRun",
    "SoftmaxSettings",
    "StateGrammar",
    "TaskSections",
    "TextCorpus",
    "TextTokens",
    "Trainer",
    "TuneGrammar",
    "VocabularySettings",
    "WindowRun",
    "Word2VecRun",
    "find",
    "load_params",
    "load_project",
]
