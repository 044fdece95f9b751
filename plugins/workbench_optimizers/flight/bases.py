"""The bases of torch.optim that are elementwise, for one number: to be had in microseconds, where an operation on
tensors costs more than a whole step does.

A mover is told weight, gradient and the number of the update, from 1, and returns the step that the base would make
at its own rate. It is not asked while its row rests. Equations: torch's documentation; tested against torch.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from workbench.ml.optim import bases

from ..surface.arithmetic import sign

Mover = Callable[[float, float, int], float]


def sgd(b: bases.SGD) -> Mover:
    kept = 0.0

    def move(w: float, g: float, t: int) -> float:
        nonlocal kept
        g += b.weight_decay * w
        if not b.momentum:
            return -b.lr * g
        kept = g if t == 1 else b.momentum * kept + (1 - b.dampening) * g
        return -b.lr * (g + b.momentum * kept if b.nesterov else kept)

    return move


def adam(b: bases.Adam) -> Mover:
    (b1, b2), decoupled = b.betas, isinstance(b, bases.AdamW)
    mean = square = largest = 0.0

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, square, largest
        if not decoupled:
            g += b.weight_decay * w
        mean += (1 - b1) * (g - mean)
        square = b2 * square + (1 - b2) * g * g
        largest = max(largest, square)
        root = sqrt(largest if b.amsgrad else square) / sqrt(1 - b2**t)
        step = -b.lr / (1 - b1**t) * _ratio(mean, root + b.eps)
        return step - b.lr * b.weight_decay * w if decoupled else step

    return move


def rmsprop(b: bases.RMSprop) -> Mover:
    square = mean = kept = 0.0

    def move(w: float, g: float, t: int) -> float:  # noqa: ARG001
        nonlocal square, mean, kept
        g += b.weight_decay * w
        square = b.alpha * square + (1 - b.alpha) * g * g
        mean += (1 - b.alpha) * (g - mean)
        step = _ratio(g, sqrt(max(square - mean * mean, 0.0) if b.centered else square) + b.eps)
        kept = b.momentum * kept + step
        return -b.lr * (kept if b.momentum else step)

    return move


def adagrad(b: bases.Adagrad) -> Mover:
    total = b.initial_accumulator_value

    def move(w: float, g: float, t: int) -> float:
        nonlocal total
        g += b.weight_decay * w
        total += g * g
        return -b.lr / (1 + (t - 1) * b.lr_decay) * _ratio(g, sqrt(total) + b.eps)

    return move


def adadelta(b: bases.Adadelta) -> Mover:
    square = moved = 0.0

    def move(w: float, g: float, t: int) -> float:  # noqa: ARG001
        nonlocal square, moved
        g += b.weight_decay * w
        square = b.rho * square + (1 - b.rho) * g * g
        step = _ratio(sqrt(moved + b.eps) * g, sqrt(square + b.eps))
        moved = b.rho * moved + (1 - b.rho) * step * step
        return -b.lr * step

    return move


def adamax(b: bases.Adamax) -> Mover:
    b1, b2 = b.betas
    mean = largest = 0.0

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, largest
        g += b.weight_decay * w
        mean += (1 - b1) * (g - mean)
        largest = max(b2 * largest, abs(g) + b.eps)
        return -b.lr / (1 - b1**t) * _ratio(mean, largest)

    return move


def nadam(b: bases.NAdam) -> Mover:
    b1, b2 = b.betas
    mean = square = 0.0
    products = [1.0]

    def momentum(t: int) -> float:
        wane: float = 0.96 ** (t * b.momentum_decay)
        return b1 * (1 - 0.5 * wane)

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, square
        while len(products) <= t:
            products.append(products[-1] * momentum(len(products)))
        g += b.weight_decay * w
        mean += (1 - b1) * (g - mean)
        square = b2 * square + (1 - b2) * g * g
        root = sqrt(square / (1 - b2**t)) + b.eps
        now, soon = (1 - momentum(t)) / (1 - products[t]), momentum(t + 1) / (1 - products[t] * momentum(t + 1))
        return -b.lr * _ratio(now * g + soon * mean, root)

    return move


def radam(b: bases.RAdam) -> Mover:
    b1, b2 = b.betas
    mean = square = 0.0
    longest = 2 / (1 - b2) - 1

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, square
        g += b.weight_decay * w
        mean += (1 - b1) * (g - mean)
        square = b2 * square + (1 - b2) * g * g
        step = -b.lr * mean / (1 - b1**t)
        length = longest - 2 * t * b2**t / (1 - b2**t)
        if length <= 5:
            return step
        rectified = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        return _ratio(step * sqrt(1 - b2**t) * sqrt(rectified), sqrt(square) + b.eps)

    return move


def rprop(b: bases.Rprop) -> Mover:
    before, size = 0.0, b.lr

    def move(w: float, g: float, t: int) -> float:  # noqa: ARG001
        nonlocal before, size
        turned = g * before
        if turned:
            size *= b.etas[1] if turned > 0 else b.etas[0]
        size = min(max(size, b.step_sizes[0]), b.step_sizes[1])
        before = 0.0 if turned < 0 else g
        return -size * sign(before)

    return move


def asgd(b: bases.ASGD) -> Mover:
    def move(w: float, g: float, t: int) -> float:
        rate: float = b.lr / (1 + b.lambd * b.lr * (t - 1)) ** b.alpha
        return -rate * (b.lambd * w + g + b.weight_decay * w)

    return move


def _ratio(a: float, b: float) -> float:
    """a / b; where both are 0, no number, as torch has it."""
    return a / b if b else a * float("inf")


MOVERS: dict[str, Callable[..., Mover]] = {
    "sgd": sgd, "adam": adam, "adamw": adam, "rmsprop": rmsprop, "adagrad": adagrad, "adadelta": adadelta,
    "adamax": adamax, "nadam": nadam, "radam": radam, "rprop": rprop, "asgd": asgd,
}  # fmt: skip
"""By the base's `kind`: a mover, of one number, with a memory of its own."""
