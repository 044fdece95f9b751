"""All that the plugin declares."""

from __future__ import annotations

from workbench.api import ArtifactKind, Declaration, Experiment

from .counting.declared import COUNT, XLSX
from .looking.declared import CONTEXTS
from .speedup.declared import EXPERIMENTS, SPEEDUP
from .tokens.declared import PREVIEW, TOKENIZERS

INDEX = ArtifactKind("index/tokens", "Index of tokens", ".artifacts:load_tokens")
DECLARED: list[Declaration | Experiment] = [COUNT, PREVIEW, *TOKENIZERS, INDEX, XLSX, CONTEXTS, SPEEDUP, *EXPERIMENTS]
