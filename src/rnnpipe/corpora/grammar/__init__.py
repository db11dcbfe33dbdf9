"""The sample corpora: small grammars with a known optimum."""
