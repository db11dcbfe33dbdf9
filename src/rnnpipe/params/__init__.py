"""The parameters: `params.yaml`, read once into frozen, strictly checked values.

Each class is one kind of entry; the lines under its fields say unit, range and what None means.
"""

from rnnpipe.params.base import NO_RESULT, Score, Selection, find
from rnnpipe.params.baselines import BagOfWordsRun, MlpRun, NgramRun
from rnnpipe.params.corpora import (
    ColumnsCorpus,
    Corpus,
    Download,
    JoinedCorpus,
    LabelledCorpus,
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
from rnnpipe.params.grammars import AgreementGrammar, EntityGrammar, FeatureGrammar, Grammar, OpinionGrammar, StateGrammar
from rnnpipe.params.loading import load_params
from rnnpipe.params.network import Cell, Initialisation, Network, Optimizer, Pooling, Trainer
from rnnpipe.params.project import load_project
from rnnpipe.params.registry import Gate, Registry
from rnnpipe.params.report import ClaimBars, ImdbRuns, Report
from rnnpipe.params.tasks import (
    LanguageModelNetwork,
    LanguageModelRun,
    LongTermRun,
    NerRun,
    Run,
    SentimentNetwork,
    SentimentRun,
    TaskSections,
)

__all__ = [
    "AgreementGrammar",
    "BagOfWordsRun",
    "Cell",
    "ClaimBars",
    "ColumnsCorpus",
    "CooccurrenceSettings",
    "Corpus",
    "DeclaredEmbedding",
    "Download",
    "EmbeddingEvaluation",
    "EntityGrammar",
    "FeatureGrammar",
    "Gate",
    "GloVeRun",
    "Grammar",
    "ImdbRuns",
    "ImportedEmbedding",
    "Initialisation",
    "JoinedCorpus",
    "LabelledCorpus",
    "LanguageModelNetwork",
    "LanguageModelRun",
    "LongTermRun",
    "MlpRun",
    "NO_RESULT",
    "NerRun",
    "Network",
    "NgramRun",
    "OpinionGrammar",
    "Optimizer",
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
    "VocabularySettings",
    "WindowRun",
    "Word2VecRun",
    "find",
    "load_params",
    "load_project",
]
