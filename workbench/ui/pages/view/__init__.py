"""The page of a tool that brings a view of its own."""

from workbench.ui.pages.view.page import ViewPage

__all__ = ["ViewPage"]
