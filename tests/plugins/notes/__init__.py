"""A tool with a document for tests: notes with labels; a job learns from them and suggests labels for the others."""

from pathlib import Path
from typing import Annotated

from workbench.api import File, P, Panel, Params, Tool, domain, hookimpl

T = domain("notes")


class Settings(Params):
    """What the job is told: which notes, as they were saved (the window fills that in), and how to learn."""

    document: Annotated[Path, File("*.notes")] = P(..., "Notes", hidden=True)
    revision: int = P(..., "Revision", help="The state of the notes that is meant.", ge=0, hidden=True)
    steps: int = P(50, "Steps", ge=1)
    lr: float = P(0.5, "Rate", gt=0, log=True, live=True)
    batch: int = P(4, "Suggestions at once", ge=1)


NOTES = Tool(
    "notes",
    "Notes with labels",
    Settings,
    run=".job:run",
    view=".view:NotesView",
    opens=("*.notes",),
    panels=(Panel("suggested", "table", "suggestions", title="Suggestions"),),
    result="suggestions",
    warm=("torch",),
    threads=1,
)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [NOTES]
