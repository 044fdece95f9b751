"""The bases of torch.optim that are elementwise, for one number: to be had in microseconds, where an operation on
tensors costs more than a whole step does.

A mover is told weight, gradient and the number of the update, from 1, and returns the step that the base would make
at its own rate. It is not asked while its row rests. Settings are read once, for reading one from a model takes as
long as the arithmetic. Equations: torch's documentation; tested against torch.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from workbench.ml.optim import bases

from ..surface.arithmetic import sign

Mover = Callable[[float, float, int], float]


def sgd(b: bases.SGD) -> Mover:
    lr, decay, momentum, dampening, nesterov = b.lr, b.weight_decay, b.momentum, b.dampening, b.nesterov
    kept = 0.0

    def move(w: float, g: float, t: int) -> float:
        nonlocal kept
        g += decay * w
        if not momentum:
            return -lr * g
        kept = g if t == 1 else momentum * kept + (1 - dampening) * g
        return -lr * (g + momentum * kept if nesterov else kept)

    return move


def adam(b: bases.Adam) -> Mover:
    (b1, b2), lr, eps, decay, amsgrad = b.betas, b.lr, b.eps, b.weight_decay, b.amsgrad
    decoupled = isinstance(b, bases.AdamW)
    mean = square = largest = 0.0

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, square, largest
        if not decoupled:
            g += decay * w
        mean += (1 - b1) * (g - mean)
        square = b2 * square + (1 - b2) * g * g
        if amsgrad:
            largest = max(largest, square)
        root = sqrt(largest if amsgrad else square) / sqrt(1 - b2**t)
        step = -lr / (1 - b1**t) * _ratio(mean, root + eps)
        return step - lr * decay * w if decoupled else step

    return move


def rmsprop(b: bases.RMSprop) -> Mover:
    lr, eps, decay, alpha, momentum, centered = b.lr, b.eps, b.weight_decay, b.alpha, b.momentum, b.centered
    square = mean = kept = 0.0

    def move(w: float, g: float, t: int) -> float:  # noqa: ARG001
        nonlocal square, mean, kept
        g += decay * w
        square = alpha * square + (1 - alpha) * g * g
        mean += (1 - alpha) * (g - mean)
        step = _ratio(g, sqrt(max(square - mean * mean, 0.0) if centered else square) + eps)
        kept = momentum * kept + step
        return -lr * (kept if momentum else step)

    return move


def adagrad(b: bases.Adagrad) -> Mover:
    lr, eps, decay, wane = b.lr, b.eps, b.weight_decay, b.lr_decay
    total = b.initial_accumulator_value

    def move(w: float, g: float, t: int) -> float:
        nonlocal total
        g += decay * w
        total += g * g
        return -lr / (1 + (t - 1) * wane) * _ratio(g, sqrt(total) + eps)

    return move


def adadelta(b: bases.Adadelta) -> Mover:
    lr, eps, decay, rho = b.lr, b.eps, b.weight_decay, b.rho
    square = moved = 0.0

    def move(w: float, g: float, t: int) -> float:  # noqa: ARG001
        nonlocal square, moved
        g += decay * w
        square = rho * square + (1 - rho) * g * g
        step = _ratio(sqrt(moved + eps) * g, sqrt(square + eps))
        moved = rho * moved + (1 - rho) * step * step
        return -lr * step

    return move


def adamax(b: bases.Adamax) -> Mover:
    (b1, b2), lr, eps, decay = b.betas, b.lr, b.eps, b.weight_decay
    mean = largest = 0.0

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, largest
        g += decay * w
        mean += (1 - b1) * (g - mean)
        largest = max(b2 * largest, abs(g) + eps)
        return -lr / (1 - b1**t) * _ratio(mean, largest)

    return move


def nadam(b: bases.NAdam) -> Mover:
    (b1, b2), lr, eps, decay, momentum_decay = b.betas, b.lr, b.eps, b.weight_decay, b.momentum_decay
    mean = square = 0.0
    products = [1.0]

    def momentum(t: int) -> float:
        wane: float = 0.96 ** (t * momentum_decay)
        return b1 * (1 - 0.5 * wane)

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, square
        while len(products) <= t:
            products.append(products[-1] * momentum(len(products)))
        g += decay * w
        mean += (1 - b1) * (g - mean)
        square = b2 * square + (1 - b2) * g * g
        root = sqrt(square / (1 - b2**t)) + eps
        now, soon = (1 - momentum(t)) / (1 - products[t]), momentum(t + 1) / (1 - products[t] * momentum(t + 1))
        return -lr * _ratio(now * g + soon * mean, root)

    return move


def radam(b: bases.RAdam) -> Mover:
    (b1, b2), lr, eps, decay = b.betas, b.lr, b.eps, b.weight_decay
    mean = square = 0.0
    longest = 2 / (1 - b2) - 1

    def move(w: float, g: float, t: int) -> float:
        nonlocal mean, square
        g += decay * w
        mean += (1 - b1) * (g - mean)
        square = b2 * square + (1 - b2) * g * g
        step = -lr * mean / (1 - b1**t)
        length = longest - 2 * t * b2**t / (1 - b2**t)
        if length <= 5:
            return step
        rectified = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        return _ratio(step * sqrt(1 - b2**t) * sqrt(rectified), sqrt(square) + eps)

    return move


def rprop(b: bases.Rprop) -> Mover:
    (shrink, grow), (least, most) = b.etas, b.step_sizes
    before, size = 0.0, b.lr

    def move(w: float, g: float, t: int) -> float:  # noqa: ARG001
        nonlocal before, size
        turned = g * before
        if turned:
            size *= grow if turned > 0 else shrink
        size = min(max(size, least), most)
        before = 0.0 if turned < 0 else g
        return -size * sign(before)

    return move


def asgd(b: bases.ASGD) -> Mover:
    lr, lambd, alpha, decay = b.lr, b.lambd, b.alpha, b.weight_decay

    def move(w: float, g: float, t: int) -> float:
        rate: float = lr / (1 + lambd * lr * (t - 1)) ** alpha
        return -rate * (lambd * w + g + decay * w)

    return move


def _ratio(a: float, b: float) -> float:
    """a / b; where both are 0, no number, as torch has it."""
    return a / b if b else a * float("inf")


MOVERS: dict[str, Callable[..., Mover]] = {
    "sgd": sgd, "adam": adam, "adamw": adam, "rmsprop": rmsprop, "adagrad": adagrad, "adadelta": adadelta,
    "adamax": adamax, "nadam": nadam, "radam": radam, "rprop": rprop, "asgd": asgd,
}  # fmt: skip
"""By the base's `kind`: a mover, of one number, with a memory of its own."""
