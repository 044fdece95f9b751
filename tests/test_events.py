"""Events: what is encoded comes back."""

from __future__ import annotations

import numpy as np

from workbench.events import Event, decode


def test_half_a_pair_of_surrogates_is_encoded_too() -> None:
    event = Event("text", "here", 3, {"text": "a\ud800b很", "rows": [{"\udcff": 1}]}, {"x": np.arange(3)})
    found = decode(event.message)
    assert found.data == event.data
    assert found.arrays["x"].tolist() == [0, 1, 2]
    assert "很".encode() in Event("text", data={"text": "很"}).message
