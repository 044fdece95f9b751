from __future__ import annotations

from importlib import import_module

import pytest
from workbench_data import OFFERS, workbench_declare

from workbench.api import Offer


@pytest.mark.parametrize("declared", OFFERS, ids=lambda each: each.id)
def test_every_data_set_has_its_loader_and_defaults(declared: Offer) -> None:
    module, function = declared.load.split(":")
    loader = getattr(import_module(module), function)
    if declared.id != "idx":  # it has no folder yet
        assert len(loader(declared.params(), None).fingerprint) == 64
    assert declared.title
    assert declared.description


def test_all_are_declared() -> None:
    assert {each.id for each in workbench_declare()} == {"digits", "idx", "ring8", "grid25", "moons", "swissroll"}  # type: ignore[union-attr]
