"""The parameter records themselves: markers, references, defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import ValidationError

from workbench.fields import remarks, validate
from workbench.params import (
    Array,
    Artifact,
    File,
    Folder,
    Group,
    OneOf,
    P,
    Params,
    Phased,
    Reference,
    Remark,
    kind_of,
    members_of,
)


class Ring(Group):
    kind: Literal["ring"] = "ring"
    sigma: float = P(0.1, "Width", gt=0)


class Grid(Group):
    kind: Literal["grid"] = "grid"
    side: int = P(5, ge=1)


class Everything(Params):
    rate: float = P(1e-3, "Learning rate", help="How far a step goes.", unit="1/step", log=True, live=True, gt=0)
    data: Annotated[Ring | Grid, OneOf()] = Ring()
    model: Annotated[str, Artifact("model/toy")] = ""
    source: Annotated[Path, File("*.csv")] = Path("a.csv")
    folder: Annotated[Path, Folder()] = Path()
    mask: Annotated[Any, Array("bool", 2)] = None


def test_parameters_are_frozen_and_know_no_other_field() -> None:
    params = Everything()
    with pytest.raises(ValidationError):
        params.rate = 1.0  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Everything.model_validate({"rat": 1.0})


def test_a_default_is_checked_too() -> None:
    class Wrong(Params):
        rate: float = P(-1.0, gt=0)

    with pytest.raises(ValidationError):
        Wrong()


def test_the_schema_carries_what_the_form_needs() -> None:
    properties = Everything.model_json_schema()["properties"]
    assert {"title": "Learning rate", "unit": "1/step", "log": True, "live": True, "exclusiveMinimum": 0}.items() <= (
        properties["rate"].items()
    )
    assert properties["rate"]["description"] == "How far a step goes."
    assert properties["model"]["artifact"] == "model/toy"
    assert properties["source"]["file"] == "*.csv"
    assert properties["folder"]["folder"] is True
    assert properties["mask"]["array"] == {"dtype": "bool", "ndim": 2}
    assert properties["seed"]["stack"] is True
    assert len(properties["data"]["oneOf"]) == 2


def test_flags_that_are_not_set_leave_no_trace() -> None:
    class Plain(Params):
        steps: int = P(1, "Steps")

    assert Plain.model_fields["steps"].json_schema_extra is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run:20261122-215045-gan-k3f9/generator", Reference("20261122-215045-gan-k3f9", "generator")),
        ("run:@last/best/model.pt@1200", Reference("@last", "best/model.pt", 1200)),
        ("some/path.safetensors", None),
    ],
)
def test_a_reference_names_a_run_a_product_and_a_step(text: str, expected: Reference | None) -> None:
    assert Reference.parse(text) == expected


@pytest.mark.parametrize("text", ["run:", "run:only", "run:/name", "run:a/", "run:a/b@"])
def test_a_malformed_reference_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="write run:ID/NAME"):
        Everything(model=text)


def test_a_variant_is_chosen_by_name_by_values_or_by_an_instance() -> None:
    assert validate(Everything, {"data": "grid"}).data == Grid()
    assert validate(Everything, {"data": {"kind": "grid", "side": 3}}).data == Grid(side=3)
    assert validate(Everything, {"data": Grid(side=4)}).data == Grid(side=4)


def test_members_need_a_kind() -> None:
    assert members_of(Ring | Grid) == (Ring, Grid)
    assert members_of(Ring) == (Ring,)
    assert kind_of(Ring) == "ring"
    with pytest.raises(TypeError, match="needs a field `kind"):
        kind_of(Params)


def test_an_array_goes_through_the_one_who_can_read_it() -> None:
    class Upper:
        def read(self, value: Any, dtype: str, ndim: int) -> Any:
            return (value, dtype, ndim)

        def write(self, value: Any) -> Any:
            return {"$array": str(value)}

    read = validate(Everything, {"mask": [[1]]}, Upper())
    assert read.mask == ([[1]], "bool", 2)
    assert read.model_dump(mode="json", context={"arrays": Upper()})["mask"] == {"$array": "([[1]], 'bool', 2)"}
    assert validate(Everything, {"mask": [[1]]}).mask == [[1]]


class Flour(Group):
    phase: ClassVar[str] = "dough"
    kind: Literal["flour"] = "flour"
    grams: int = 500


class Sugar(Group):
    phase: ClassVar[str] = "icing"
    kind: Literal["sugar"] = "sugar"


class Cake(Params):
    steps: Annotated[
        tuple[Annotated[Flour | Sugar, OneOf()], ...], Phased((("dough", "Dough"), ("icing", "Icing")))
    ] = ()


def test_a_list_is_kept_in_order_of_its_phases_and_as_it_was_inside_them() -> None:
    made = validate(Cake, {"steps": ["sugar", {"kind": "flour", "grams": 2}, {"kind": "flour", "grams": 1}, "sugar"]})
    assert [(each.kind, getattr(each, "grams", 0)) for each in made.steps] == [
        ("flour", 2), ("flour", 1), ("sugar", 0), ("sugar", 0),
    ]  # fmt: skip


def test_a_group_says_and_offers_nothing_of_itself() -> None:
    assert (tuple(Flour().remarks()), tuple(Flour.examples()), Flour().as_python()) == ((), (), "")


class Guest(Group):
    name: str = "?"

    def remarks(self) -> list[Remark]:
        return [Remark(("name",), "who is this?")] if self.name == "?" else []


class Empty(Group):
    def remarks(self) -> list[Remark]:
        return [Remark((), "nothing here.")]


class Table(Params):
    host: Guest = Guest(name="Ann")
    guests: tuple[Guest, ...] = (Guest(), Guest(name="Bob"), Guest())
    empty: Empty | None = None


def test_remarks_of_groups_wherever_they_stand_come_with_their_paths() -> None:
    made = Table(empty=Empty())
    assert [each.fields for each in remarks(made)] == [("guests.0.name",), ("guests.2.name",), ("empty",)]
