"""Intrinsic evaluation: `evaluate` puts `questions` to vectors by `similarity`, `analogy`, `probe`, `features` and `map`."""
