"""The page of experiments: every statement that can be tested, and what this machine found."""

from workbench.ui.pages.experiments.hooked import attach

__all__ = ["attach"]
