"""The fitting itself, compiled: row after row, the steps of each weight shrinking as it is used (Adagrad)."""

from math import exp, sqrt

import numba
import numpy as np
from numpy.typing import NDArray

from .features import Bounds, Indices

RATE = 0.15
SHRINK = 2e-6
ROUNDS = 6


@numba.njit(cache=False)
def descend(
    indices: Indices,
    bounds: Bounds,
    labels: NDArray[np.float64],
    importance: NDArray[np.float64],
    order: NDArray[np.int64],
    dimensions: int,
) -> tuple[NDArray[np.float64], float]:
    """Give the weights and the constant after some rounds over all rows in this order."""
    weights, squares = np.zeros(dimensions), np.full(dimensions, 1e-3)
    constant, constant_squares = 0.0, 1e-3
    for _ in range(ROUNDS):
        for row in order:
            start, end = bounds[row], bounds[row + 1]
            size = sqrt(max(end - start, 1))
            total = 0.0
            for place in range(start, end):
                total += weights[indices[place]]
            value = min(max(total / size + constant, -40.0), 40.0)
            slope = (1 / (1 + exp(-value)) - labels[row]) * importance[row]
            step = slope / size
            for place in range(start, end):
                at = indices[place]
                squares[at] += step * step
                weights[at] -= RATE * (step / sqrt(squares[at]) + SHRINK * weights[at])
            constant_squares += slope * slope
            constant -= RATE * slope / sqrt(constant_squares)
    return weights, constant
