"""Forms: what a person sets, made out of a tool's `Params`."""

from workbench.ui.forms.form import Form

__all__ = ["Form"]
