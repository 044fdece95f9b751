"""The surfaces on offer: each is a formula over a part of the plane."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import field_validator

from workbench.api import Group, OneOf, P

from .expression import Expression
from .formula import parse
from .tape import gradient

Extent = tuple[float, float, float, float]


class Surface(Group):
    """text: the formula. extent: what is shown of the plane, (x0, x1, y0, y1)."""

    text: ClassVar[str] = ""
    area: ClassVar[Extent] = (-2.0, 2.0, -2.0, 2.0)
    kind: str

    @property
    def extent(self) -> Extent:
        """What is shown of the plane."""
        return self.area

    def expression(self) -> Expression:
        """Its height over (x, y)."""
        return parse(self.text)


class Quadratic(Surface, title="Ill-conditioned bowl"):
    """(x² + κy²)/2: one direction is κ times as steep as the other."""

    area: ClassVar[Extent] = (-3.0, 3.0, -3.0, 3.0)
    kind: Literal["quadratic"] = "quadratic"
    condition: float = P(50.0, "Condition number κ", ge=1, le=1e6, log=True)

    def expression(self) -> Expression:
        """Its height over (x, y)."""
        return parse(f"0.5*x^2 + {0.5 * self.condition!r}*y^2")


class Rosenbrock(Surface, title="Rosenbrock's valley"):
    """A curved, narrow valley with its lowest point at (1, 1) (Rosenbrock 1960)."""

    text: ClassVar[str] = "(1 - x)^2 + 100*(y - x^2)^2"
    area: ClassVar[Extent] = (-2.0, 2.0, -1.0, 3.0)
    kind: Literal["rosenbrock"] = "rosenbrock"


class Beale(Surface, title="Beale's plateau"):
    """Flat with steep corners, lowest at (3, 0.5) (Beale 1958)."""

    text: ClassVar[str] = "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2"
    area: ClassVar[Extent] = (-4.5, 4.5, -4.5, 4.5)
    kind: Literal["beale"] = "beale"


class Rastrigin(Surface, title="Rastrigin's egg box"):
    """Many minima on a grid, the lowest at the origin (Rastrigin 1974)."""

    text: ClassVar[str] = "20 + x^2 + y^2 - 10*cos(2*pi*x) - 10*cos(2*pi*y)"
    area: ClassVar[Extent] = (-5.12, 5.12, -5.12, 5.12)
    kind: Literal["rastrigin"] = "rastrigin"


class Saddle(Surface, title="Saddle"):
    """x²/2 − y²/2 + y⁴/8: a saddle between two minima at (0, ±√2)."""

    text: ClassVar[str] = "x^2/2 - y^2/2 + y^4/8"
    area: ClassVar[Extent] = (-2.5, 2.5, -2.5, 2.5)
    kind: Literal["saddle"] = "saddle"


class Formula(Surface, title="A formula"):
    """Numbers, x, y, pi, e, + - * / ^ and sin, cos, tan, exp, log, sqrt, tanh, abs."""

    kind: Literal["formula"] = "formula"
    formula: str = P("x^2 + y^2 + 2*sin(3*x)*cos(3*y)", "Height", help="In x and y, such as x^2 + sin(3*y).")
    half: float = P(2.5, "Half the width shown", gt=0, le=1e6)

    @field_validator("formula")
    @classmethod
    def _readable(cls, text: str) -> str:
        gradient(parse(text))
        return text

    @property
    def extent(self) -> Extent:
        """A square around the origin."""
        return -self.half, self.half, -self.half, self.half

    def expression(self) -> Expression:
        """Its height over (x, y)."""
        return parse(self.formula)


AnySurface = Annotated[Quadratic | Rosenbrock | Beale | Rastrigin | Saddle | Formula, OneOf()]
