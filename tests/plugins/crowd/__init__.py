"""A tool with many parameters and many panels."""

from workbench.api import Group, Layer, P, Panel, Params, Tool, hookimpl

NAMES = tuple("abcdefghijkl")


class Part(Group):
    rate: float = P(0.1, "Rate", gt=0, log=True)
    count: int = P(3, "Count", ge=1)
    kind: str = P("plain", "Kind")
    on: bool = P(True, "On")
    most: float | None = P(None, "Most")


class Crowded(Params):
    steps: int = P(3, "Steps", ge=1)
    first: Part = P({}, "First")
    second: Part = P({}, "Second")
    third: Part = P({}, "Third")
    parts: tuple[Part, ...] = P(({}, {}, {}), "Parts")


CROWD = Tool(
    "crowd",
    "A crowd",
    Crowded,
    run=".job:run",
    panels=tuple(Panel(name, parts=(Layer("scalars", name),), title=name.upper()) for name in NAMES),
    layout="a | b | c / d | e | f / g | h | i, j, k, l",
)


@hookimpl
def workbench_declare() -> list[Tool]:
    return [CROWD]
