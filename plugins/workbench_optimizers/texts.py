"""The catalogue of this plugin's texts, and the names that it says in the reader's language."""

from workbench.api import domain

T = domain("workbench_optimizers")
COLUMNS = (
    T("variant"), T("chain"), T("updates"), T("evaluations"), T("above"), T("loss"), T("accuracy"), T("norm"),
    T("rare"), T("whole"),
)  # fmt: skip
"""Names of columns, curves and arrows, as tables and legends show them."""
CHOICES = (T("nothing"), T("base"), T("without"), T("prefixes"), T("steps"), T("minimum"))
"""What the form offers to choose from, beside them."""
