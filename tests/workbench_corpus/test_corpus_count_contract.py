"""What every tool must do, of the count."""

from __future__ import annotations

from workbench_corpus.counting.declared import SAMPLES

from workbench.testing.contract import ToolContract


class TestCount(ToolContract):
    tool = "corpus-count"
    quick = {
        "paths": [str(SAMPLES / "analects.jsonl")],
        "meta": ["chapter"],
        "dispersion": "slices",
        "slices": 20,
        "ngrams": 2,
        "index": True,
        "portion": 0.01,
        "workers": 2,
    }
    optional_streams = frozenset({"troubles"})
    """Of texts that cannot be read."""
    measured = frozenset({"mb_per_second"})
