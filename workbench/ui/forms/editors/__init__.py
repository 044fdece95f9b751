"""Editors of single values, one widget a module; `workbench.ui.forms.leaf` puts a title and a fault beside them."""
