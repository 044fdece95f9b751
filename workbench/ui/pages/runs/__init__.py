"""The page of runs, and what is shown of runs that were kept."""

from workbench.ui.pages.runs.hooked import attach

__all__ = ["attach"]
