"""Workbench: read about a model, open it, and see it happen on your own machine."""

__version__ = "0.1.0"
API_VERSION = 1
"""The version of what `workbench.api` offers; a plugin that names another one is not loaded."""
