"""The catalogue of this plugin's texts."""

from workbench.api import domain

T = domain("workbench_optimizers")
