"""Fields: from the command line to the record and back without loss, and errors that name their field."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, field_validator

from workbench import fields
from workbench.errors import UserError
from workbench.fields import ParameterError
from workbench.gathering import as_member, resolve
from workbench.params import Artifact, Group, Offered, OneOf, P, Params
from workbench.texts import T, translate


class Adam(Group):
    kind: Literal["adam"] = "adam"
    rate: float = P(2e-4, gt=0, live=True)
    betas: tuple[float, float] = (0.5, 0.999)


class Clip(Group):
    kind: Literal["clip"] = "clip"
    limit: float | None = P(None, gt=0)


class Ring(Group):
    modes: int = P(8, "Modes", ge=1)
    noise: Annotated[Any, Offered("noise")] = "normal"


class Normal(Group):
    sigma: float = P(0.1, gt=0)


class Head(Group):
    stages: int = P(1, ge=1, le=3)
    optimizer: Annotated[Adam | Clip, OneOf()] = Adam()


class Tool(Params):
    version: int = P(3, hidden=True)
    rate: float = P(1e-3, live=True)
    note: str = ""
    title: str | None = None
    flag: bool = False
    path: Path = Path("x")
    model: Annotated[str, Artifact("model/toy")] = ""
    loss: Literal["hinge", "wasserstein"] = "hinge"
    sizes: tuple[int, ...] = (1, 2)
    marks: tuple[float, ...] | None = None
    head: Head = Head()
    spare: Head | None = None
    data: Annotated[Any, Offered("dataset/toy")] = "ring8"
    chain: tuple[Annotated[Adam | Clip, OneOf()], ...] = (Clip(), Adam())
    sources: tuple[Annotated[Any, Offered("dataset/toy")], ...] = ()

    @classmethod
    def migrate(cls, old: dict[str, Any]) -> dict[str, Any]:
        return {("rate" if name == "lr" else name): value for name, value in old.items()}


def offers(kinds: tuple[str, ...]) -> list[type[BaseModel]]:
    if "noise" in kinds:
        return [as_member(Normal, "normal", "Normal")]
    return [as_member(resolve(Ring, offers), "ring8", "A ring"), as_member(Normal, "blob", "Blob")]


TOOL = resolve(Tool, offers)


def given_by(*settings: str, start: dict[str, Any] | None = None) -> Any:
    values: dict[str, Any] = dict(start or {})
    for setting in settings:
        path, _, text = setting.partition("=")
        fields.assign(TOOL, values, path, text)
    return fields.validate(TOOL, values)


def through_json(params: Params) -> Any:
    return fields.restore(TOOL, json.loads(json.dumps(fields.record(params))))


finite = st.floats(allow_nan=False, allow_infinity=False)

# --------------------------------------------------------------------------------- there and back


@given(finite)
def test_every_float_survives_command_line_record_and_json(value: float) -> None:
    params = given_by(f"rate={value!r}")
    assert params.rate == value
    assert through_json(params) == params


@pytest.mark.parametrize(("text", "value"), [("2e-4", 2e-4), ("0.999", 0.999), ("1E-08", 1e-8), ("5", 5.0)])
def test_a_float_is_what_was_written(text: str, value: float) -> None:
    assert given_by(f"rate={text}").rate == value
    assert through_json(given_by(f"head.optimizer.betas=[{text},{text}]")).head.optimizer.betas == (value, value)


@given(st.lists(st.floats(min_value=1e-300, allow_infinity=False), max_size=4), st.integers(0, 2**63 - 1), st.text())
def test_lists_of_variants_great_seeds_and_texts_survive(rates: list[float], seed: int, note: str) -> None:
    chain = json.dumps([{"kind": "adam", "rate": rate} for rate in rates])
    params = given_by(f"chain={chain}", f"seed={seed}", start={"note": note})
    assert [each.rate for each in params.chain] == rates
    assert (through_json(params), params.seed, params.note) == (params, seed, note)


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not text.startswith('"')))
def test_a_text_is_taken_as_it_is_written(note: str) -> None:
    assert given_by(f"note={note}").note == note


@pytest.mark.parametrize(
    ("settings", "path", "expected"),
    [
        (["head.stages=3"], "head.stages", 3),
        (["head.optimizer=clip"], "head.optimizer.kind", "clip"),
        (["head.optimizer.rate=0.1"], "head.optimizer.rate", 0.1),
        (["head.optimizer=clip", "head.optimizer.limit=2"], "head.optimizer.limit", 2.0),
        (["head.optimizer=clip", "head.optimizer.limit=2", "head.optimizer.limit=null"], "head.optimizer.limit", None),
        (['head={"stages": 2}'], "head.stages", 2),
        (["data=blob"], "data.sigma", 0.1),
        (["data=blob", "data.sigma=0.02"], "data.sigma", 0.02),
        (["data.modes=5"], "data.modes", 5),
        (["data.noise.sigma=3"], "data.noise.sigma", 3.0),
        (["chain.1.rate=0.5"], "chain.1.rate", 0.5),
        (["chain=adam"], "chain.0.kind", "adam"),
        (['chain=["clip", {"kind": "adam", "rate": 7}]'], "chain.1.rate", 7.0),
        (['sources=["blob", "ring8"]', "sources.0.sigma=4"], "sources.0.sigma", 4.0),
        (["sizes=7"], "sizes.0", 7),
        (["sizes=[]"], "sizes", ()),
        (["marks=0.5"], "marks.0", 0.5),
        (["marks=[1,2]", "marks=null"], "marks", None),
        (["spare.stages=2"], "spare.stages", 2),
        (["title=null"], "title", None),
        (["title=[draft]"], "title", "[draft]"),
        (["note=[1, 2]"], "note", "[1, 2]"),
        (["note=null"], "note", "null"),
        (["flag=true"], "flag", True),
        (["path=[odd]/name"], "path", Path("[odd]/name")),
        (["model=run:@last/generator@100"], "model", "run:@last/generator@100"),
        (["loss=wasserstein"], "loss", "wasserstein"),
    ],
)
def test_the_command_line_reaches_every_field(settings: list[str], path: str, expected: Any) -> None:
    params = given_by(*settings)
    found: Any = params
    for name in path.split("."):
        found = found[int(name)] if name.isdigit() else getattr(found, name)
    assert found == expected
    assert through_json(params) == params


def test_a_setting_goes_on_from_a_preset() -> None:
    start = {"data": "blob", "head": {"optimizer": Clip(limit=3.0)}, "chain": (Adam(),)}
    params = given_by("data.sigma=0.5", "head.optimizer.limit=4", "chain.0.rate=1", start=start)
    assert (params.data.sigma, params.head.optimizer.limit, params.chain[0].rate) == (0.5, 4.0, 1.0)
    assert start == {"data": "blob", "head": {"optimizer": Clip(limit=3.0)}, "chain": (Adam(),)}


def test_infinity_is_refused_since_a_record_cannot_hold_it() -> None:
    with pytest.raises(ParameterError, match=r"rate: must be a finite number\."):
        given_by("rate=inf")


# --------------------------------------------------------------------------------- shape


def test_walking_names_every_field_and_the_member_it_belongs_to() -> None:
    found = {field.path: field for field in fields.walk(TOOL)}
    assert found["head.optimizer.rate"].member == "adam"
    assert found["data.noise.sigma"].member == "normal"
    assert found["data.modes"].member == "ring8"
    assert found["spare.stages"].member == ""
    assert found["rate"].flag("live") is True
    assert found["note"].flag("live") is None
    assert not any(path.startswith("chain.") for path in found)


def test_texts_of_a_field_are_those_of_the_package_that_declares_it() -> None:
    found = {field.path: field.domain for field in fields.walk(TOOL)}
    assert (found["data.modes"], found["rate"]) == (fields.domain_of(Ring), fields.domain_of(Tool))
    assert fields.domain_of(Params) == "workbench"
    data = fields.shape_of(TOOL.model_fields["data"].annotation, TOOL.model_fields["data"].metadata)
    assert [str(fields.title_of(each)) for each in data.models.values()] == ["A ring", "Blob"]
    assert (fields.title_of(Adam), fields.title_of(Adam).domain) == ("adam", fields.domain_of(Adam))


def test_live_paths() -> None:
    assert fields.live_paths(TOOL) == {"rate", "head.optimizer.rate", "spare.optimizer.rate"}


def test_resolving_keeps_order_title_and_document() -> None:
    assert list(TOOL.model_fields) == list(Tool.model_fields)
    assert (TOOL.__name__, TOOL.__doc__, issubclass(TOOL, Tool)) == (Tool.__name__, Tool.__doc__, True)
    assert TOOL().data.modes == 8
    assert resolve(Adam, offers) is Adam


def test_resolving_enters_members_of_a_variant_and_optional_fields() -> None:
    class Plain(Group):
        kind: Literal["plain"] = "plain"

    class Noisy(Group):
        kind: Literal["noisy"] = "noisy"
        noise: Annotated[Any, Offered("noise")] = "normal"

    class Model(Params):
        choice: Annotated[Plain | Noisy, OneOf()] = Noisy()
        maybe: Annotated[Any, Offered("noise")] | None = None

    model = resolve(Model, offers)
    assert fields.validate(model, {"choice": {"kind": "noisy", "noise": {"kind": "normal", "sigma": 2}}})
    assert fields.record(model())["choice"]["noise"] == {"sigma": 0.1, "kind": "normal"}
    assert fields.record(fields.validate(model, {"maybe": "normal"}))["maybe"]["sigma"] == 0.1
    assert fields.record(model())["maybe"] is None


def test_what_nobody_offers_is_said() -> None:
    with pytest.raises(TypeError, match=r"no plugin offers dataset/toy\."):
        resolve(Tool, lambda _: [])


def test_the_schema_of_a_resolved_model_lists_what_is_offered() -> None:
    schema = TOOL.model_json_schema()
    titles = {each.get("title") for each in schema["$defs"].values()}
    assert {"A ring", "Blob", "Normal"} <= titles


# --------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("setting", "field", "words"),
    [
        ("rat=1", "rat", "there is no field rat; did you mean rate?"),
        ("xyzzy=1", "xyzzy", "there is no field xyzzy; there are: seed, rate"),
        ("rate=fast", "rate", "fast is not a number."),
        ("seed=-1", "seed", "must be at least 0."),
        ("seed=1.5", "seed", "1.5 is not a whole number."),
        ("flag=maybe", "flag", "maybe is neither true nor false."),
        ("loss=mse", "loss", "mse is not one of 'hinge' or 'wasserstein'."),
        ("head.stages=4", "head.stages", "must be at most 3."),
        ("head.stage=4", "head.stage", "did you mean stages?"),
        ("head.optimizer=sgd", "head.optimizer", "sgd is not one of 'adam', 'clip'."),
        ("head.optimizer.rate=0", "head.optimizer.rate", "must be greater than 0."),
        ("head.optimizer.limit=1", "head.optimizer.limit", "there is no field limit"),
        ('head.optimizer={"rate": 1}', "head.optimizer", "name one by its `kind`."),
        ("head=5", "head", "5 is not a group of fields."),
        ("data=moon", "data", "moon is not one of 'ring8', 'blob'."),
        ("data.noise.sigma=0", "data.noise.sigma", "must be greater than 0."),
        ("chain.5.rate=1", "chain.5.rate", "the list has elements 0 to 1."),
        ("chain.1.rate=0", "chain.1.rate", "must be greater than 0."),
        ("chain.1.speed=0", "chain.1.speed", "there is no field speed"),
        ("chain=[1]", "chain.0", "1 is not"),
        ("sources.0.sigma=1", "sources.0.sigma", "the list is empty."),
        ("rate.x=1", "rate.x", "rate has no fields."),
        ("head.optimizer.betas=[1]", "head.optimizer.betas.1", "a value is needed."),
        ("model=run:x", "model", "write run:ID/NAME, run:ID/NAME@STEP or a path."),
    ],
)
def test_every_error_names_its_field(setting: str, field: str, words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        given_by(setting)
    assert (caught.value.field, caught.value.problems[0][0]) == (field, field)
    assert words in caught.value.text


def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(ParameterError) as caught:
        fields.validate(TOOL, {"rate": "x", "head": {"stages": 9, "optimizer": {"kind": "adam", "rat": 1}}})
    assert [field for field, _ in caught.value.problems] == ["rate", "head.stages", "head.optimizer.rat"]


@pytest.mark.parametrize(("number", "said"), [(1, "one element."), (2, "2 elements.")])
def test_a_list_that_is_too_short_or_too_long_counts_in_grammar(number: int, said: str) -> None:
    class Listed(Params):
        few: tuple[int, ...] = P((0,) * number, min_length=number)
        many: tuple[int, ...] = P((), max_length=number)

    wrong = fields.problems(Listed, {"few": [], "many": [0] * 9})
    assert wrong == [("few", f"needs at least {said}"), ("many", f"takes at most {said}")]


class _Bounded(Params):
    steps: int = P(1)
    batch: int = P(4, multiple_of=4)
    name: str = P("ab", min_length=2, max_length=3)
    sign: str = P("a", min_length=1, max_length=1)
    weights: dict[str, float] = P({})


@pytest.mark.parametrize(
    ("setting", "english", "chinese"),
    [
        ("steps=" + "9" * 5000, "has too many digits.", "位数太多。"),
        ("batch=3", "must be a multiple of 4.", "必须是 4 的倍数。"),
        ("name=a", "needs at least 2 characters.", "至少需要 2 个字符。"),
        ("name=abcd", "takes at most 3 characters.", "最多 3 个字符。"),
        ("name=\udcffab", "is no text in UTF-8.", "不是 UTF-8 文本。"),
        ("sign=", "needs at least one character.", "至少需要一个字符。"),
        ("sign=ab", "takes at most one character.", "最多一个字符。"),
        ("weights=3", "3 is not a group of fields.", "3 不是一组字段。"),
        ("weights=" + "[" * 100_000, "is not a group of fields.", "不是一组字段。"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(setting: str, english: str, chinese: str) -> None:
    path, _, text = setting.partition("=")
    values: dict[str, Any] = {}
    fields.assign(_Bounded, values, path, text)
    ((field, said),) = fields.problems(_Bounded, values)
    assert field == path
    assert said.endswith(english)
    assert translate(said, "zh_CN").endswith(chinese)


def test_an_error_about_a_variant_in_a_variant_names_its_field() -> None:
    with pytest.raises(ParameterError) as caught:
        fields.validate(TOOL, {"data": {"kind": "ring8", "noise": {"kind": "normal", "sigma": -1}}})
    assert caught.value.field == "data.noise.sigma"


def test_a_validator_may_raise_a_marked_text() -> None:
    class Even(Params):
        n: int = 2

        @field_validator("n")
        @classmethod
        def check(cls, value: int) -> int:
            if value % 2:
                raise ValueError(T("{n} is odd.", n=value))
            return value

    with pytest.raises(ParameterError) as caught:
        fields.validate(Even, {"n": 3})
    assert caught.value.problems == [("n", "3 is odd.")]
    assert caught.value.problems[0][1].source == "{n} is odd."


def test_errors_survive_a_process_boundary() -> None:
    with pytest.raises(ParameterError) as caught:
        given_by("rate=fast")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.problems, again.field, again.text) == (caught.value.problems, "rate", caught.value.text)
    other = pickle.loads(pickle.dumps(UserError("a", "b", "c")))
    assert (other.text, other.remedy, other.field) == ("a", "b", "c")


def test_problems_may_pass_over_what_is_missing() -> None:
    class Needy(Params):
        file: Path
        steps: int = P(1, ge=1)

    assert [field for field, _ in fields.problems(Needy, {"steps": 0})] == ["file", "steps"]
    assert [field for field, _ in fields.problems(Needy, {"steps": 0}, partial=True)] == ["steps"]


@pytest.mark.parametrize("given", [5, "clip", None, True, 0.5])
def test_a_field_of_an_element_is_refused_where_there_is_no_list(given: Any) -> None:
    with pytest.raises(ParameterError, match=r"chain\.0\.rate"):
        fields.assign(TOOL, {"chain": given}, "chain.0.rate", "1")


def test_a_digit_that_is_no_number_is_no_element() -> None:
    with pytest.raises(ParameterError, match="elements 0 to 1"):
        given_by("chain.\u00b2.rate=1")


def test_an_error_can_be_translated_as_a_whole() -> None:
    with pytest.raises(ParameterError) as caught:
        given_by("rate=fast")
    assert translate(caught.value.text, "zh_CN") == "rate\uff1afast 不是数。"


# --------------------------------------------------------------------------------- records


def test_an_older_record_is_migrated() -> None:
    assert fields.restore(TOOL, {"version": 1, "lr": 0.25}).model_dump()["rate"] == 0.25
    assert fields.restore(TOOL, {"lr": 0.25}).version == 3


def test_the_values_of_an_older_record_are_migrated_before_they_are_checked() -> None:
    old = {"version": 1, "lr": -1.0}
    assert fields.migrated(TOOL, old) == {"version": 3, "rate": -1.0}
    assert old == {"version": 1, "lr": -1.0}
    assert fields.migrated(TOOL, {"version": 3, "lr": 0.5}) == {"version": 3, "lr": 0.5}


def test_a_newer_record_is_refused() -> None:
    with pytest.raises(UserError, match=r"version 4 of the tool; this is version 3\.") as caught:
        fields.restore(TOOL, {"version": 4})
    assert (caught.value.field, caught.value.remedy) == ("version", "Update the tool.")


def test_a_record_is_complete_and_plain() -> None:
    recorded = fields.record(TOOL())
    assert set(recorded) == set(Tool.model_fields)
    assert json.loads(json.dumps(recorded)) == recorded
    assert recorded["chain"] == [
        {"kind": "clip", "limit": None},
        {"kind": "adam", "rate": 2e-4, "betas": [0.5, 0.999]},
    ]
