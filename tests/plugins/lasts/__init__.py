"""A job for tests that leaves something to do after it has returned: to a thread, and to the program's end."""

from workbench.api import Params, Tool, hookimpl


@hookimpl
def workbench_declare() -> list[Tool]:
    return [Tool("lasts", "Leaves something to do", Params, run=".job:run")]
