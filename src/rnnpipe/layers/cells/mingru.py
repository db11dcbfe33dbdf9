"""The minimal GRU."""

from torch import Tensor

from rnnpipe.layers.cells.linear import LinearCell


class MinGRUCell(LinearCell, name="mingru"):
    """`mingru` (Feng et al. 2024, "Were RNNs All We Needed?", equations of section 3.1 and g of appendix B).

    z<t>  = σ(W_z x<t> + b_z)
    h~<t> = g(W_h x<t> + b_h), where g(v) = v + 1/2 if v >= 0, else σ(v)
    h<t>  = (1 - z<t>) * h<t-1> + z<t> * h~<t>

    The GRU's candidate and update gate, without the state in them. g keeps the state above 0. The rows of the matrices are those
    of z, then of h~. The state is h itself, at the first step as at all others.
    """

    gates = 2

    def coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        """Follow the equations of the class."""
        update, candidate = projected.chunk(2, dim=2)  # (T, B, H) each
        update, above = update.sigmoid(), candidate.relu()
        # g(v) = max(v, 0) + σ(min(v, 0)): the same function, in passes that a CPU takes several numbers at once
        return 1 - update, update * (above + (candidate - above).sigmoid())
