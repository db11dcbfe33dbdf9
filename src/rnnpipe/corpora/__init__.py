"""From files to typed examples: the three formats, splits, downloads, and the grammars of the sample corpora."""
