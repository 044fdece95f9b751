"""A corpus counted: words of Chinese and other texts, exactly as jieba cuts them (Su Jianlin, archives/7031)."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.api import ArtifactKind, Declaration, Experiment, hookimpl

from .counting.declared import COUNT, XLSX
from .looking.declared import CONTEXTS
from .speedup.declared import EXPERIMENTS, SPEEDUP
from .tokens.declared import PREVIEW, TOKENIZERS

KINDS = (ArtifactKind("index/tokens", "Index of tokens", ".artifacts:load_tokens"),)


@hookimpl
def workbench_declare() -> Iterable[Declaration | Experiment]:
    return [COUNT, PREVIEW, *TOKENIZERS, *KINDS, XLSX, CONTEXTS, SPEEDUP, *EXPERIMENTS]
