"""Word vectors, from counts or ids to files and figures.

- Made: `cooccurrence` (with `counting/`) → `glove` (with `glove_*`); `word2vec`; `window` (with `contexts`, `softmax`, `huffman`,
  `adagrad`); `imported`.
- Kept: `vectors`, `tables`, and `formats` for other programs.
- Asked: `evaluate` puts `questions` to them by `similarity`, `analogy`, `probe`, `features` and `map`.
- Measured: `cost` and `negatives`, what the softmax and its stand-ins cost and draw.
"""
