"""Every random number of the pipeline comes from the one `seed` of params.yaml, through `derive_seed`."""

import hashlib


def derive_seed(seed: int, *names: str | int) -> int:
    """Return the seed for one purpose, derived from the pipeline's seed.

    Parameters
    ----------
    seed : int
        The pipeline's seed.
    *names : str or int
        What the numbers are for, from large to small: stage, run, epoch, rank ...

    Returns
    -------
    int
        In [0, 2**32). The same on every machine and in every process; other names give unrelated seeds.
    """
    text = "/".join(str(name) for name in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
