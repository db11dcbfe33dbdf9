"""The layers measured: against the lecture's equations in float64, and how far back their gradients reach. No part of them."""
