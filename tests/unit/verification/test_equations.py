import numpy as np
import pytest

from rnnpipe.verification.equations import affine, backpropagate_through_time, gru, gru_fused, gru_simple, lstm, rnn, sigmoid

Gate = tuple[np.ndarray, np.ndarray]


def gate(weights: list[float], bias: float) -> Gate:
    """Return W = [by state, by input] and b of a cell with one unit and one input."""
    return np.array([weights]), np.array([bias])


A, C, X = np.array([[0.3]]), np.array([[-0.8]]), np.array([[2.0]])
ON, OFF = gate([0.0, 0.0], 40.0), gate([0.0, 0.0], -40.0)
CANDIDATE = gate([0.5, -0.25], 0.1)
TILDE = np.tanh(0.5 * 0.3 - 0.25 * 2.0 + 0.1)


def test_affine_is_the_product_with_state_and_input_side_by_side() -> None:
    assert affine(CANDIDATE, A, X) == pytest.approx(0.5 * 0.3 - 0.25 * 2.0 + 0.1)


def test_rnn_by_hand() -> None:
    assert rnn((A,), X, {"a": CANDIDATE})[0] == pytest.approx(TILDE)


@pytest.mark.parametrize(("update", "expected"), [(ON, TILDE), (OFF, 0.3)])
def test_the_update_gate_chooses_between_candidate_and_memory(update: Gate, expected: float) -> None:
    assert gru_simple((A,), X, {"u": update, "c": CANDIDATE})[0] == pytest.approx(expected)
    assert gru((A,), X, {"u": update, "r": ON, "c": CANDIDATE})[0] == pytest.approx(expected)


def test_a_closed_relevance_gate_hides_the_state_from_the_candidate() -> None:
    (found,) = gru((A,), X, {"u": ON, "r": OFF, "c": CANDIDATE})
    assert found == pytest.approx(np.tanh(-0.25 * 2.0 + 0.1))


def test_where_the_fused_gru_differs() -> None:
    """With the gate after the product, the bias that stands beside the state's product is gated too."""
    matrix, _ = CANDIDATE
    gates = {"u": ON, "r": OFF, "c_state": (matrix, np.array([0.7])), "c_input": (matrix, np.array([0.1]))}
    assert gru_fused((A,), X, gates)[0] == pytest.approx(np.tanh(-0.25 * 2.0 + 0.1))
    gates["r"] = ON
    assert gru_fused((A,), X, gates)[0] == pytest.approx(np.tanh(0.5 * 0.3 + 0.7 - 0.25 * 2.0 + 0.1))


@pytest.mark.parametrize(
    ("update", "forget", "memory"), [(ON, ON, TILDE - 0.8), (ON, OFF, TILDE), (OFF, ON, -0.8), (OFF, OFF, 0.0)]
)
def test_the_gates_of_an_lstm(update: Gate, forget: Gate, memory: float) -> None:
    half = gate([0.0, 0.0], 0.0)
    a, c = lstm((A, C), X, {"u": update, "f": forget, "o": half, "c": CANDIDATE})
    assert c == pytest.approx(memory)
    assert a == pytest.approx(0.5 * np.tanh(memory))


def test_sigmoid() -> None:
    assert sigmoid(np.array([0.0, 40.0, -40.0])) == pytest.approx([0.5, 1.0, 0.0], abs=1e-12)


def test_backpropagation_through_time_against_differences() -> None:
    """The gradient is what the loss changes by when one weight is moved a little."""
    rng = np.random.default_rng(3)
    inputs, targets = rng.normal(size=(4, 2)), np.array([0, 2, 1, 1])
    hidden, output = (rng.normal(size=(3, 5)), rng.normal(size=3)), (rng.normal(size=(3, 3)), rng.normal(size=3))

    def loss() -> float:
        state, total = (np.zeros((1, 3)),), 0.0
        for x, target in zip(inputs, targets, strict=True):
            state = rnn(state, x[None], {"a": hidden})
            scores = output[0] @ state[0][0] + output[1]
            total += np.log(np.exp(scores).sum()) - scores[target]
        return total

    gradients = backpropagate_through_time(inputs, targets, hidden, output)
    for weights, gradient in zip((*hidden, *output), (*gradients["a"], *gradients["y"]), strict=True):
        for place in np.ndindex(weights.shape):
            kept = weights[place]
            weights[place] = kept + 1e-6
            above = loss()
            weights[place] = kept - 1e-6
            below = loss()
            weights[place] = kept
            assert gradient[place] == pytest.approx((above - below) / 2e-6, abs=1e-6)
