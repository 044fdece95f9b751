"""The catalogue of this plugin's texts, and the names that it says in the reader's language."""

from workbench.api import domain

T = domain("workbench_gan")
SERIES = (
    T("real"), T("fake"), T("score"), T("left"), T("modes"), T("high_quality"), T("mode_kl"), T("sure"),
    T("classes"), T("coverage"), T("frechet"), T("nearest"), T("real/sure"), T("real/classes"), T("real/coverage"),
    T("real/frechet"), T("real/nearest"),
)  # fmt: skip
"""Names of scalars, as legends and results show them; a stage's number follows its name."""
CHOICES = (T("nonsaturating"), T("hinge"), T("all"), T("first"), T("mlp"), T("conv"))
"""What the form offers to choose from."""
