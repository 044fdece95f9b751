"""A job for tests that leaves something to do after it has returned: to a thread, and to the program's end."""

from workbench.api import P, Params, Tool, hookimpl


class Left(Params):
    seconds: float = P(0.3, "What the thread takes", ge=0)


@hookimpl
def workbench_declare() -> list[Tool]:
    return [Tool("lasts", "Leaves something to do", Left, run=".job:run")]
