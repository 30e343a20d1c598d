"""A linear model (logistic regression by Adagrad), and its file: arrays and JSON, nothing that runs when it is read."""

import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from .features import DIMENSIONS, SIZES, Bounds, Indices, features

FORM: Final = 1  # of the features and the file
LARGEST_FILE: Final = 16 << 20  # bytes


class UnreadableModelError(ValueError):
    """A file is no model of this version, or its hash does not hold."""


class Model(msgspec.Struct, frozen=True):
    """Weights (float32, one for each dimension), the constant, and `facts`: what the card is made from."""

    weights: NDArray[np.float32]
    constant: float
    facts: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Give the hash over all that the model is."""
        told = json.dumps([FORM, SIZES, DIMENSIONS, self.constant, self.facts], sort_keys=True).encode()
        return hashlib.sha256(self.weights.tobytes() + told).hexdigest()

    def scores(self, urls: list[str]) -> NDArray[np.float64]:
        """Give a number between 0 and 1 for each canonical URL: higher ranks first. It is no probability."""
        if not urls:
            return np.zeros(0)
        indices, bounds = features(urls)
        return _squashed(_sums(self.weights.astype(np.float64), indices, bounds) + self.constant)


def _sums(weights: NDArray[np.float64], indices: Indices, bounds: Bounds) -> NDArray[np.float64]:
    sizes = np.diff(bounds)
    running = np.concatenate(([0.0], np.cumsum(weights[indices])))
    sums: NDArray[np.float64] = (running[bounds[1:]] - running[bounds[:-1]]) / np.sqrt(np.maximum(sizes, 1))
    return sums


def _squashed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    squashed: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(values, -40, 40)))
    return squashed


def trained(urls: list[str], phishing: NDArray[np.bool_], weights: NDArray[np.float64], facts: dict[str, Any]) -> Model:
    """Fit a model; the same rows in the same order give the same model. `weights`: how much each row counts."""
    from .descent import descend

    indices, bounds = features(urls)
    order = np.random.default_rng(1).permutation(len(urls))
    found, constant = descend(indices, bounds, phishing.astype(np.float64), weights, order, DIMENSIONS)
    return Model(found.astype(np.float32), float(constant), facts)


def save(model: Model, path: Path) -> None:
    """Write a model; a reader finds the old one or the new one, never half of it."""
    out = io.BytesIO()
    told = json.dumps({"form": FORM, "constant": model.constant, "facts": model.facts, "sha256": model.sha256})
    np.savez_compressed(out, weights=model.weights, told=np.frombuffer(told.encode(), dtype=np.uint8))
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(out.getvalue())
    draft.replace(path)


def load(path: Path) -> Model:
    """Read a model. Raises UnreadableModelError, OSError."""
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableModelError(f"{path}: larger than {LARGEST_FILE} bytes")
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            weights, told = held["weights"], json.loads(held["told"].tobytes())
        if told["form"] != FORM or weights.shape != (DIMENSIONS,) or weights.dtype != np.float32:
            raise UnreadableModelError(f"{path}: made by another version; train it anew")
        model = Model(weights, float(told["constant"]), told["facts"])
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, UnreadableModelError):
            raise
        raise UnreadableModelError(f"{path}: no model ({error})") from error
    if model.sha256 != told["sha256"]:
        raise UnreadableModelError(f"{path}: its hash does not hold")
    return model
