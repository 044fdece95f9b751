from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from workbench.errors import UserError
from workbench.ml import data, judge
from workbench.ml.junk import Junkyard


@pytest.fixture(scope="module")
def digits() -> data.Images:
    return data.digits()


@pytest.fixture(scope="module")
def its(digits: data.Images) -> judge.Judge:
    torch.set_num_threads(1)
    return judge.train(digits)


def sure(chances: torch.Tensor) -> float:
    return float((chances[:, :-1].max(1).values >= judge.SURE).double().mean())


def test_knows_held_out_digits(its: judge.Judge, digits: data.Images) -> None:
    _, chances = its.look(digits.held_out)
    assert float((chances.argmax(1) == digits.held_out_labels).double().mean()) >= 0.98
    assert sure(chances) >= 0.9


def test_is_not_sure_of_fresh_junk(its: judge.Judge, digits: data.Images) -> None:
    """Junk made of held-out digits, that it was not trained on."""
    unseen = data.Images(digits.held_out, digits.held_out_labels, digits.held_out, digits.held_out_labels, 10, "")
    _, chances = its.look(Junkyard(unseen).draw(5000, torch.Generator().manual_seed(7)))
    assert sure(chances) <= 0.02


def test_finds_copies_and_missing_classes(its: judge.Judge, digits: data.Images) -> None:
    copies = judge.verdict(its, digits.train[digits.labels != 3][:1000], digits)
    assert copies.nearest == 0
    assert copies.classes < 0.005
    own = judge.floor(its, digits)
    assert own.nearest == pytest.approx(1)
    assert own.frechet < judge.verdict(its, torch.rand(1000, 1, 8, 8), digits).frechet


def test_files_that_are_sorted_by_class_are_judged_like_others(
    its: judge.Judge, digits: data.Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are more images than are compared, those come from all of the file."""
    monkeypatch.setattr(judge, "COMPARED", 200)
    rows, held = digits.labels.argsort(), digits.held_out_labels.argsort()
    ordered = replace(
        digits,
        train=digits.train[rows], labels=digits.labels[rows],
        held_out=digits.held_out[held], held_out_labels=digits.held_out_labels[held],
    )  # fmt: skip
    plain, found = (judge.floor(its, each, n=200) for each in (digits, ordered))
    assert found.classes > 0.03
    assert found.coverage > plain.coverage - 0.05
    assert found.frechet < 1.5 * plain.frechet


def test_is_kept_and_read_back(its: judge.Judge, digits: data.Images, tmp_path: Path) -> None:
    judge.save(its, tmp_path, digits.shape)
    again = judge.load(tmp_path)
    for ours, theirs in zip(its.look(digits.held_out), again.look(digits.held_out), strict=True):
        assert torch.equal(ours, theirs)


def test_training_leaves_the_global_random_state(digits: data.Images) -> None:
    before = torch.get_rng_state()
    judge.train(digits, steps=1)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(("train", "held_out"), [(1, 1), (2, 5), (9, 1), (1, 9)])
def test_takes_as_few_images_as_there_are(train: int, held_out: int) -> None:
    images = data.Images(
        torch.rand(train, 1, 5, 5),
        torch.arange(train) % 2,
        torch.rand(held_out, 1, 5, 5),
        torch.arange(held_out) % 2,
        2,
        "",
    )
    found = judge.floor(judge.train(images, steps=2), images).scalars()
    assert all(map(math.isfinite, found.values()))


def test_samples_that_are_no_numbers_are_of_no_quality(its: judge.Judge, digits: data.Images) -> None:
    found = judge.verdict(its, torch.full((10, 1, 8, 8), math.nan), digits)
    assert (found.sure, found.classes, found.coverage, found.frechet) == (0, 0, 0, math.inf)


@pytest.mark.parametrize(("train", "size"), [(5000, 3), (30, 10)])
def test_junk_has_the_mean_and_covariance_of_the_data(train: int, size: int) -> None:
    """Of as many images as pixels and more, and of fewer; far from black and white, where it is cut off."""
    g = torch.Generator().manual_seed(0)
    pixels = 0.5 + 0.05 * torch.randn(train, 1, size, size, generator=g)
    labels = torch.zeros(train, dtype=torch.long)
    drawn = Junkyard(data.Images(pixels, labels, pixels, labels, 1, "")).gaussian(20_000, g).flatten(1)
    torch.testing.assert_close(drawn.mean(0), pixels.flatten(1).mean(0), atol=0.002, rtol=0)
    torch.testing.assert_close(drawn.T.cov(), pixels.flatten(1).T.cov(), atol=2e-4, rtol=0)


def test_junk_of_a_few_large_images_takes_little_memory() -> None:
    """A covariance of all pixels would take 16 GB."""
    pixels, labels = torch.rand(4, 1, 256, 256), torch.zeros(4, dtype=torch.long)
    yard = Junkyard(data.Images(pixels, labels, pixels, labels, 1, ""))
    assert yard.root.numel() <= pixels.numel()
    assert yard.draw(5, torch.Generator().manual_seed(0)).shape == (5, 1, 256, 256)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 28, 28), (3, 9, 7)])
def test_takes_any_size_and_data_without_classes(shape: tuple[int, ...]) -> None:
    images = data.Images(
        torch.rand(30, *shape),
        torch.zeros(30, dtype=torch.long),
        torch.rand(20, *shape),
        torch.zeros(20, dtype=torch.long),
        1,
        "",
    )
    found = judge.verdict(judge.train(images, steps=2), torch.rand(25, *shape), images)
    assert 0 <= found.sure <= 1
    assert 0 <= found.coverage <= 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("judge.json", '{"shape": [1, 8'), ("judge.json", "{}"), ("judge.json", '{"shape": [1, 8, 8], "classes": 3}'),
     ("judge.json", "[]"), ("judge.safetensors", "half")],
)  # fmt: skip
def test_a_half_written_judge_is_named(
    its: judge.Judge, digits: data.Images, tmp_path: Path, name: str, text: str
) -> None:
    judge.save(its, tmp_path, digits.shape)
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=f"judge of images in {tmp_path} is damaged"):
        judge.load(tmp_path)
