"""Word vectors, from counts or ids to files and figures.

- Made: `counting` → `glove`; `word2vec`; `window` (with `contexts`, `softmax`, `huffman`, `adagrad`); `imported`.
- Kept: `vectors`, and `formats` for other programs.
- Asked: `intrinsic`.
- Measured: `cost` and `negatives`, what the softmax and its stand-ins cost and draw.
"""
