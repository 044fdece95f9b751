from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from workbench_gan.heads import CascadeHead, cosines, left_over, projections, projections_by_class, rejections

SHAPES = st.tuples(st.integers(1, 9), st.integers(8, 40), st.integers(1, 6), st.integers(0, 2**31))


def features_and_head(batch: int, d: int, n: int, seed: int) -> tuple[Tensor, CascadeHead]:
    torch.manual_seed(seed)
    head = CascadeHead(d, n)
    nn.init.normal_(head.bias)
    return torch.randn(batch, d), head


def by_definition(v: Tensor, weight: Tensor) -> Tensor:
    return torch.stack([(rest * w).sum(1) for rest, w in zip(rejections(v, weight), weight, strict=False)], 1)


@settings(deadline=None)
@given(SHAPES)
def test_solve_equals_the_definition_with_gradients(shape: tuple[int, int, int, int]) -> None:
    v, head = features_and_head(*shape)
    v, weight = v.double().requires_grad_(), head.weight.detach().double().requires_grad_()
    ours, theirs = projections(v, weight), by_definition(v, weight)
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-8)
    upstream = torch.randn_like(ours)
    for a, b in zip(
        torch.autograd.grad(ours, (v, weight), upstream),
        torch.autograd.grad(theirs, (v, weight), upstream),
        strict=True,
    ):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-7)


@settings(deadline=None)
@given(SHAPES)
def test_what_is_left_is_orthogonal_and_pythagoras_holds(shape: tuple[int, int, int, int]) -> None:
    v, head = features_and_head(*shape)
    stages = rejections(v, head.weight.detach())
    for w, before, after in zip(head.weight.detach(), stages, stages[1:], strict=False):
        scale = before.norm(dim=1) * w.norm()
        assert ((after @ w).abs() <= 1e-5 * scale + 1e-6).all()
        removed = (before @ w) ** 2 / w.square().sum()
        torch.testing.assert_close(after.square().sum(1) + removed, before.square().sum(1), rtol=1e-4, atol=1e-5)
    expected = torch.stack([s.square().sum(1) for s in stages[1:]], 1) / v.square().sum(1, keepdim=True)
    shares = left_over(v, projections(v, head.weight), head.weight)
    torch.testing.assert_close(shares, expected, rtol=1e-3, atol=1e-4)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 40), st.integers(0, 2**31))
def test_one_stage_is_a_linear_layer(batch: int, d: int, seed: int) -> None:
    v, head = features_and_head(batch, d, 1, seed)
    linear = nn.Linear(d, 1)
    linear.load_state_dict(head.state_dict())
    a, b = v.clone().requires_grad_(), v.clone().requires_grad_()
    ours, theirs = head(a), linear(b)
    assert torch.equal(ours, theirs)
    torch.autograd.backward(ours.square().sum())
    torch.autograd.backward(theirs.square().sum())
    assert torch.equal(a.grad, b.grad)  # type: ignore[arg-type]
    for mine, its in zip(head.parameters(), linear.parameters(), strict=True):
        assert torch.equal(mine.grad, its.grad)  # type: ignore[arg-type]


def test_the_bias_shifts_scores_and_rejects_nothing() -> None:
    v, head = features_and_head(4, 16, 3, 0)
    torch.testing.assert_close(head(v) - head.bias, projections(v, head.weight))


@pytest.mark.parametrize("size", [0.0, 1e-30, 1e-12, 1e-6])
def test_a_vanishing_weight_gives_no_nan(size: float) -> None:
    v, head = features_and_head(5, 16, 4, 0)
    head.weight.data[1] *= size / head.weight.data[1].norm()
    scores = head(v.requires_grad_())
    torch.autograd.backward(scores.square().sum())
    assert scores.isfinite().all()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in head.parameters())
    assert v.grad is not None
    assert v.grad.isfinite().all()


@settings(deadline=None, max_examples=10)
@given(SHAPES)
def test_autocast_keeps_the_cascade_exact(shape: tuple[int, int, int, int]) -> None:
    v, head = features_and_head(*shape)
    if len(head.weight) == 1:
        return  # a plain linear layer, in whatever precision autocast chooses
    with torch.autocast("cpu", torch.bfloat16):
        scores = head(v)
    assert scores.dtype == torch.float32
    torch.testing.assert_close(scores, head(v))


def test_gradients_flow_through_every_stage() -> None:
    v, head = features_and_head(6, 16, 4, 1)
    torch.autograd.backward(head(v)[:, -1].sum())
    assert head.weight.grad is not None
    assert (head.weight.grad.norm(dim=1) > 0).all()


def test_second_derivatives_exist() -> None:
    """R1 differentiates a gradient."""
    v, head = features_and_head(3, 8, 3, 0)
    v = v.double().requires_grad_()
    weight = head.weight.detach().double().requires_grad_()
    assert torch.autograd.gradgradcheck(projections, (v, weight))


def test_cosines() -> None:
    table = cosines(torch.tensor([[2.0, 0.0], [0.0, 3.0], [1.0, 1.0]]))
    torch.testing.assert_close(table.diagonal(), torch.ones(3))
    assert float(table[0, 1]) == 0
    assert float(table[0, 2]) == pytest.approx(0.5**0.5)


@settings(deadline=None)
@given(SHAPES)
def test_by_class_each_sample_is_scored_by_its_class_weights(shape: tuple[int, int, int, int]) -> None:
    batch, d, n, seed = shape
    torch.manual_seed(seed)
    head, v, labels = CascadeHead(d, n, classes=3), torch.randn(batch, d), torch.randint(3, (batch,))
    assert head.embedding is not None
    torch.testing.assert_close(head(v, labels), head(v), rtol=1e-4, atol=1e-5)  # embeddings start at zero
    nn.init.normal_(head.embedding)
    expected = [projections(x[None], head.weight + head.embedding[y]) for x, y in zip(v, labels, strict=True)]
    torch.testing.assert_close(head(v, labels), torch.cat(expected) + head.bias, rtol=1e-3, atol=1e-3)
    weights = head.weight + head.embedding
    torch.testing.assert_close(projections_by_class(v, weights, labels) + head.bias, head(v, labels))
    assert torch.equal(head.weights(labels), weights[labels])
