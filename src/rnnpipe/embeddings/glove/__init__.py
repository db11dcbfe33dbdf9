"""GloVe: `fit` trains the `state` on `entries` by the compiled loops of `kernel`."""
