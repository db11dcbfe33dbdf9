"""The equations of the cells step by step in NumPy and float64: slow, and free of anything that the layers are built from.

A gate is the pair (W, b) of its equation W [a<t-1>, x<t>] + b: W of shape (H, H + E), b of shape (H,); W x<t> + b, W of shape
(H, E), where it does not see the state. The gates of a cell stand under the letters that the lecture gives them: a; u, c;
u, r, c; u, f, o, c. Those of later cells stand under the letters of their papers.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnpipe.params import Cell

Array = NDArray[np.float64]
Gates = Mapping[str, tuple[Array, Array]]
State = tuple[Array, ...]


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^-z)."""
    return 1 / (1 + np.exp(-z))


def affine(gate: tuple[Array, Array], a: Array, x: Array) -> Array:
    """W [a, x] + b for each row of a batch: a of shape (B, H), x of shape (B, E)."""
    matrix, bias = gate
    return np.concatenate([a, x], axis=1) @ matrix.T + bias


def rnn(state: State, x: Array, gates: Gates) -> State:
    """Take one step of a simple RNN."""
    (a,) = state
    return (np.tanh(affine(gates["a"], a, x)),)


def gru_simple(state: State, x: Array, gates: Gates) -> State:
    """Take one step of a GRU with an update gate only."""
    (c,) = state
    candidate = np.tanh(affine(gates["c"], c, x))
    update = sigmoid(affine(gates["u"], c, x))
    return (update * candidate + (1 - update) * c,)


def gru(state: State, x: Array, gates: Gates) -> State:
    """Take one step of a GRU, its relevance gate before the matrix product."""
    (c,) = state
    relevance = sigmoid(affine(gates["r"], c, x))
    candidate = np.tanh(affine(gates["c"], relevance * c, x))
    update = sigmoid(affine(gates["u"], c, x))
    return (update * candidate + (1 - update) * c,)


def gru_fused(state: State, x: Array, gates: Gates) -> State:
    """Take one step of cuDNN's GRU, its relevance gate after the matrix product; the candidate's two halves are two gates."""
    (c,) = state
    nothing = np.zeros_like
    relevance = sigmoid(affine(gates["r"], c, x))
    from_state, from_input = affine(gates["c_state"], c, nothing(x)), affine(gates["c_input"], nothing(c), x)
    candidate = np.tanh(relevance * from_state + from_input)
    update = sigmoid(affine(gates["u"], c, x))
    return (update * candidate + (1 - update) * c,)


def lstm(state: State, x: Array, gates: Gates) -> State:
    """Take one step of an LSTM."""
    a, c = state
    candidate = np.tanh(affine(gates["c"], a, x))
    update, forget, output = (sigmoid(affine(gates[gate], a, x)) for gate in "ufo")
    c = update * candidate + forget * c
    return output * np.tanh(c), c


def mingru(state: State, x: Array, gates: Gates) -> State:
    """Take one step of a minimal GRU."""
    (h,) = state
    update, v = sigmoid(x @ gates["z"][0].T + gates["z"][1]), x @ gates["h"][0].T + gates["h"][1]
    return ((1 - update) * h + update * np.where(v >= 0, v + 0.5, sigmoid(v)),)


def slstm(state: State, x: Array, gates: Gates) -> State:
    """Take one step of an sLSTM, without the stabiliser: its state is (h, c, n), and c and n are themselves."""
    h, c, n = state
    entry = np.exp(affine(gates["i"], h, x))
    forget, output = (sigmoid(affine(gates[gate], h, x)) for gate in "fo")
    c = forget * c + entry * np.tanh(affine(gates["z"], h, x))
    n = forget * n + entry
    return output * c / n, c, n


def rglru(state: State, x: Array, gates: Gates) -> State:
    """Take one step of an RG-LRU; `decay` stands there as a bias, Λ."""
    (h,) = state
    recurrence, entry = (sigmoid(x @ gates[gate][0].T + gates[gate][1]) for gate in "ri")
    kept = sigmoid(-gates["decay"][1]) ** (8 * recurrence)  # e^-softplus(Λ) = σ(-Λ)
    return (kept * h + np.sqrt(1 - kept**2) * entry * (x @ gates["u"][0].T + gates["u"][1]),)


def mogrifier(state: State, x: Array, gates: Gates) -> State:
    """Take one step of a Mogrifier LSTM; its matrices Q¹, R², Q³, R⁴, Q⁵ are `rounds.0` to `rounds.4`."""
    a, c = state
    x = 2 * sigmoid(a @ gates["rounds.0"][0].T) * x
    a = 2 * sigmoid(x @ gates["rounds.1"][0].T) * a
    x = 2 * sigmoid(a @ gates["rounds.2"][0].T) * x
    a = 2 * sigmoid(x @ gates["rounds.3"][0].T) * a
    x = 2 * sigmoid(a @ gates["rounds.4"][0].T) * x
    return lstm((a, c), x, gates)


STEPS: dict[Cell, Callable[[State, Array, Gates], State]] = {
    "rnn": rnn,
    "gru_simple": gru_simple,
    "gru": gru,
    "gru_fused": gru_fused,
    "lstm": lstm,
    "mingru": mingru,
    "slstm": slstm,
    "rglru": rglru,
    "mogrifier": mogrifier,
}
PARTS: dict[Cell, int] = {"lstm": 2, "slstm": 3, "mogrifier": 2}
"""How many arrays the state is made of, where it is more than one."""


def read_sequence(cell: Cell, inputs: Array, gates: Gates) -> Array:
    """Return the outputs (T, B, H) of a cell that reads inputs (T, B, E) from a zero state."""
    _, bias = next(iter(gates.values()))
    state: State = (np.zeros((inputs.shape[1], len(bias))),) * PARTS.get(cell, 1)
    outputs = []
    for x in inputs:
        state = STEPS[cell](state, x, gates)
        outputs.append(state[0])
    return np.stack(outputs)


def backpropagate_through_time(
    inputs: Array, targets: NDArray[np.int64], hidden: tuple[Array, Array], output: tuple[Array, Array]
) -> Gates:
    """Return the gradient of a simple RNN's loss, by the sum over time written out.

    The network is a<t> = tanh(W_a [a<t-1>, x<t>] + b_a), y<t> = softmax(W_y a<t> + b_y); its loss is L = Σ_t L<t>, where L<t> is
    -log y<t>[target]. Each L<t> reaches W_a over every step k <= t:

        dL/dW_a = Σ_t Σ_{k<=t}  dL<t>/da<t> · (Π_{j=k+1..t} da<j>/da<j-1>) · da<k>/dW_a

    Parameters
    ----------
    inputs : ndarray of shape (T, E)
        One sequence.
    targets : ndarray of shape (T,), dtype=int64
        In [0, C).
    hidden, output : tuple of ndarray
        (W_a, b_a) and (W_y, b_y), W_y of shape (C, H).

    Returns
    -------
    mapping
        "a" → gradients of W_a and b_a, "y" → those of W_y and b_y.
    """
    hidden_size = len(hidden[1])
    outputs = read_sequence("rnn", inputs[:, None], {"a": hidden})[:, 0]  # (T, H)
    states = np.concatenate([np.zeros((1, hidden_size)), outputs])  # a<t> is states[t + 1]
    matrix, bias, output_matrix, output_bias = (np.zeros_like(weights) for weights in (*hidden, *output))
    for t, target in enumerate(targets):
        scores = np.exp(output[0] @ states[t + 1] + output[1])
        error = scores / scores.sum() - np.eye(len(scores))[target]  # dL<t> / d(W_y a<t> + b_y)
        output_matrix += np.outer(error, states[t + 1])
        output_bias += error
        flow = output[0].T @ error  # dL<t> / da<t>
        for k in range(t, -1, -1):
            inner = flow * (1 - states[k + 1] ** 2)  # dL<t> / d(W_a [a<k-1>, x<k>] + b_a)
            matrix += np.outer(inner, np.concatenate([states[k], inputs[k]]))
            bias += inner
            flow = hidden[0][:, :hidden_size].T @ inner  # dL<t> / da<k-1>
    return {"a": (matrix, bias), "y": (output_matrix, output_bias)}
