"""The corpus of the grammar `features`, from params.yaml to ids, for tests of the stages behind it."""

from pathlib import Path

from rnnpipe.stages import build_vocabulary, encode, generate_corpus, tokenize

RAW, ENCODED = Path("data/raw/features"), Path("data/encoded/features")
VOCABULARY = Path("data/vocabulary/features.tsv")
_TOKENIZED = Path("data/tokenized/features")


def encode_features() -> None:
    """Run the stages from the grammar to the ids in the current folder, which holds params.yaml."""
    generate_corpus.main("features", RAW)
    tokenize.main("features", RAW, _TOKENIZED)
    build_vocabulary.main("features", _TOKENIZED, VOCABULARY, Path("metrics.json"))
    encode.main(_TOKENIZED, VOCABULARY, ENCODED)
