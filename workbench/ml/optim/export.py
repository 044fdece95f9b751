"""A description as Python: text that runs and makes the same optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.params import Group

if TYPE_CHECKING:
    from .params import Optimizer

HEAD = '''"""An optimizer, exported from the workbench."""

import torch
from torch import nn

from workbench.ml.optim.build import fusible
from workbench.ml.optim.derived import Derived
'''


def to_python(description: Optimizer) -> str:
    """A module with one function, `make_optimizer(model)`. Where the base has a fused kernel it is used."""
    stages = [_call(each) for each in description.acting]
    names = sorted({name for each in description.acting for name in _classes(each)})
    lines = "".join(f"    {name},\n" for name in names)
    imports = f"from workbench.ml.optim.params import (\n{lines})\n" if names else ""
    return "\n".join(
        [
            HEAD + imports,
            "",
            "def make_optimizer(model: nn.Module) -> Derived:",
            "    named = list(model.named_parameters())",
            f"    base = torch.optim.{type(description.base).__name__}(",
            "        named,",
            *(f"        {each}," for each in _settings(description)),
            "    )",
            "    stages = [",
            *(f"        {each}," for each in stages),
            "    ]",
            "    return Derived(base, stages)",
            "",
        ]
    )


def _settings(description: Optimizer) -> list[str]:
    base = description.base
    given = [f"{name}={getattr(base, name)!r}" for name in type(base).model_fields if name != "kind"]
    return [*given, "fused=fusible(named)"] if base.fuses else given


def _call(group: Group) -> str:
    """A constructor with every field, so that the text means the same when defaults change."""
    fields = [name for name in type(group).model_fields if name not in ("kind", "on")]
    return f"{type(group).__name__}({', '.join(f'{name}={_value(getattr(group, name))}' for name in fields)})"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        inner = ", ".join(_value(each) for each in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return _call(value) if isinstance(value, Group) else repr(value)


def _classes(group: Group) -> set[str]:
    inner = [each for name in type(group).model_fields for each in _groups(getattr(group, name))]
    return {type(group).__name__}.union(*(_classes(each) for each in inner))


def _groups(value: Any) -> list[Group]:
    return [each for each in value if isinstance(each, Group)] if isinstance(value, tuple) else []
