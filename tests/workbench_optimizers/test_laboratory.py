"""What the laboratory shows, through the job itself; and that a chain goes from its form into a trainer's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from workbench_optimizers.chains import variants
from workbench_optimizers.curves import Curves
from workbench_optimizers.flight import real
from workbench_optimizers.flight.slope import Slope
from workbench_optimizers.lab import LAB
from workbench_optimizers.lab.draw import seen
from workbench_optimizers.lab.params import Lab

from workbench import fields, settings
from workbench.discovery import discover
from workbench.ml.optim.params import Optimizer
from workbench.params import Params
from workbench.runs.reader import Reader
from workbench.settings import Places
from workbench.testing.home import desk_here
from workbench.testing.running import Runner
from workbench.texts import Text, translate
from workbench.ui.forms import copying
from workbench.ui.forms.state import State

ADAM: dict[str, Any] = {"kind": "adam", "lr": 0.05}
CHAIN: dict[str, Any] = {
    "base": ADAM,
    "stages": [{"kind": "decay", "rate": 0.3}, {"kind": "adaptation"},
               {"kind": "piecewise", "knots": [[0, 0.5], [40, 1]]}, {"kind": "lookahead"}],
}  # fmt: skip
SMALL = {"side": 12, "steps": 300}
Shown = Callable[..., Reader]


@pytest.fixture
def shown() -> Shown:
    """Draws once, as a run in this process."""

    def draw(**values: Any) -> Reader:
        ran = Runner(desk_here(), "thread")("optimizers", values)
        assert ran.state == "done", ran.said
        return ran.reader

    return draw


def array(reader: Reader, stream: str, name: str) -> Any:
    frame = reader.frame(stream)
    assert frame is not None, stream
    return frame.arrays[name]


def test_the_path_is_the_real_optimizers_and_its_parts_add_up(shown: Shown) -> None:
    reader = shown(optimizer=CHAIN, steps=60, at=15, map={"shows": "nothing"})
    params = Lab.model_validate({"optimizer": CHAIN})
    track = real.fly(params.optimizer, Slope(params.surface, params.noise, 60, 0), params.start, 60)
    path = array(reader, "chain", "xy")[0]
    assert np.allclose(path, track.places, atol=1e-9)
    assert np.allclose(array(reader, "slow", "xy")[0], track.slow, atol=1e-9)
    moves = array(reader, "parts", "vector")
    assert np.allclose(moves.sum(0), path[15] - path[14], atol=1e-12)
    frame = reader.frame("parts")
    assert frame is not None
    assert frame.data["labels"] == ["base", "decay", "adaptation", "piecewise", "lookahead"]
    assert np.nanmax(array(reader, "ratios", "y")) > 0
    schedule = reader.frame("schedule")
    assert schedule is not None
    factors = schedule.arrays["y"][0]
    assert (factors[0], factors[-1]) == (0.5, 1.0)
    assert "map" not in reader.streams()


def test_arrows_are_called_in_the_readers_language(shown: Shown) -> None:
    labels = []
    for base, stages in (("adam", CHAIN["stages"]), ("muon", [])):
        chain: dict[str, Any] = {"base": base, "stages": stages}
        frame = shown(optimizer=chain, steps=10, at=5, map={"shows": "nothing"}).frame("parts")
        assert frame is not None
        labels += frame.data["labels"]
    said = [translate(each, "zh_CN", "workbench_optimizers") for each in labels]
    assert said == ["基础优化器", "权重衰减", "层自适应", "分段线性", "Lookahead", "整步"]


def test_variants_stand_beside_the_chain_and_meet_the_same_noise(shown: Shown) -> None:
    quiet = {"shows": "nothing"}
    reader = shown(optimizer=CHAIN, compare="without", steps=20, noise={"sd": 1.0}, map=quiet)
    assert {f"beside/{k}" for k in range(1, 5)} <= set(reader.streams())
    frames = [reader.frame(stream) for stream in ("beside/1", "above")]
    (one, curves) = (frame.data for frame in frames if frame is not None)
    assert one["label"] == curves["labels"][1] == "1 − decay"
    alone = shown(
        optimizer={**CHAIN, "stages": CHAIN["stages"][1:]}, compare="nothing", steps=20, noise={"sd": 1.0}, map=quiet
    )
    assert np.array_equal(array(reader, "beside/1", "xy"), array(alone, "chain", "xy"))


def test_stages_are_switched_off_without_being_taken_away(shown: Shown) -> None:
    quiet = {"compare": "nothing", "steps": 20, "map": {"shows": "nothing"}}
    stages = [{**each, "on": k % 2 == 0} for k, each in enumerate(CHAIN["stages"])]
    off = shown(optimizer={**CHAIN, "stages": stages}, **quiet)
    gone = shown(optimizer={**CHAIN, "stages": CHAIN["stages"][::2]}, **quiet)
    assert np.array_equal(array(off, "chain", "xy"), array(gone, "chain", "xy"))
    assert "slow" not in off.streams()


def test_a_record_of_version_1_keeps_its_stages_off() -> None:
    read = Lab.model_validate(fields.migrated(Lab, {"optimizer": CHAIN, "off": [2, 4]}))
    assert [each.on for each in read.optimizer.stages] == [True, False, True, False]


def test_the_map_says_where_starts_end(shown: Shown) -> None:
    bowl = shown(surface={"kind": "quadratic", "condition": 4.0}, optimizer={"base": ADAM}, steps=5, map=SMALL)
    assert (array(bowl, "map", "values") == 1).all()
    two = shown(
        surface={"kind": "formula", "formula": "(x^2 - 1)^2 + y^2"},
        optimizer={"base": {"kind": "sgd", "lr": 0.02}}, steps=5, map=SMALL,
    )  # fmt: skip
    field = array(two, "map", "values")
    assert set(np.unique(field)) == {1.0, 2.0}
    left, right = field[:, :6], field[:, 6:]
    assert len(np.unique(left)) == len(np.unique(right)) == 1
    steps = shown(
        surface={"kind": "quadratic", "condition": 4.0}, optimizer={"base": {"kind": "sgd", "lr": 0.1}}, steps=5,
        map={**SMALL, "shows": "steps"},
    )  # fmt: skip
    counts = array(steps, "map", "values")
    assert counts[0, 0] > counts[5, 5]
    assert 0 < counts.max() < 300


def test_a_start_that_comes_to_nothing_is_marked_in_every_map(shown: Shown) -> None:
    """Beside the minimum the rate is too high: the starts leave."""
    wild = {"surface": {"kind": "formula", "formula": "x^4 + y^4"}, "optimizer": {"base": {"kind": "sgd", "lr": 0.2}}}
    fields_of = {
        shows: array(shown(**wild, compare="nothing", steps=2, map={**SMALL, "shows": shows}), "map", "values")
        for shows in ("minimum", "steps", "loss")
    }
    assert (fields_of["minimum"][0, 0], fields_of["steps"][0, 0]) == (0, 300)
    assert fields_of["loss"][0, 0] == fields_of["loss"].max()
    assert all(np.isfinite(each).all() for each in fields_of.values())


def test_a_place_far_away_is_left_out_of_the_picture() -> None:
    shown = seen([(0.0, 0.0), (5.9, 0.0), (6.1, 0.0), (0.0, -6.1)], (-2.0, 2.0, -2.0, 2.0))
    assert np.isnan(shown).any(1).tolist() == [False, False, True, True]


def test_a_path_beneath_all_that_is_known_of_a_surface_is_not_said_to_be_at_its_lowest(shown: Shown) -> None:
    """The ridge of x^2 - y^2 is left downwards for ever; what is shown ends at -6.25."""
    reader = shown(
        surface={"kind": "formula", "formula": "x^2 - y^2"}, start=[1.0, 0.1], compare="nothing", steps=40,
        optimizer={"base": {"kind": "sgd", "lr": 0.1}}, map={"shows": "nothing"},
    )  # fmt: skip
    height = -((0.1 * 1.2**40) ** 2)
    assert reader.last()["end/chain"] == pytest.approx(height + 6.25, rel=0.01)
    above = array(reader, "above", "y")[0]
    assert above[0] > 0 > above[-1]


def test_a_path_that_begins_far_outside_is_shown() -> None:
    shown = seen([(2.5, 8.3), (1.0, 1.0), (2.5, 90.0)], (-2.0, 2.0, -1.0, 3.0))
    assert np.isfinite(shown).all(1).tolist() == [True, True, False]


@pytest.mark.parametrize(("base", "said"), [("muon", "Muon"), ("adafactor", "Adafactor"), ("sparseadam", "sparse")])
def test_a_base_that_is_not_elementwise_has_a_path_but_no_map_and_the_notes_say_why(
    shown: Shown, base: str, said: str
) -> None:
    reader = shown(optimizer={"base": base}, steps=10, map=SMALL)
    assert "map" not in reader.streams()
    assert len(array(reader, "chain", "xy")[0]) == 11
    notes = reader.frame("notes")
    assert notes is not None
    assert "No map" in str(notes.data["text"])
    assert said in str(notes.data["text"])


def test_pairs_that_do_not_commute_are_explained(shown: Shown) -> None:
    notes = shown(optimizer=CHAIN, steps=5, map={"shows": "nothing"}).frame("notes")
    assert notes is not None
    assert "LAMB" in str(notes.data["text"])
    assert "权重衰减在层自适应之前" in translate(Text.from_json(notes.data["text"]), "zh_CN")


def test_a_path_whose_numbers_come_to_nothing_says_from_which_step(shown: Shown) -> None:
    """x doubles in size at each step and its height overflows: 4^k x 4.5 > 1.8e308 from k = 511 on."""
    wild = {
        "surface": {"kind": "formula", "formula": "x^2 + y^2"}, "start": [2.0, 0.5], "map": {"shows": "nothing"},
        "optimizer": {"base": {"kind": "sgd", "lr": 1.5}, "stages": [{"kind": "piecewise", "knots": [[0, 0.1]]}]},
    }  # fmt: skip
    reader = shown(**wild, steps=600)
    said = "1 sgd: from step 511 its numbers are infinite or none."
    assert [str(each["text"]) for each in reader.notices()] == [said]
    notes = reader.frame("notes")
    assert notes is not None
    assert said in str(Text.from_json(notes.data["text"]))
    assert shown(**wild, steps=500).notices() == []


@pytest.mark.parametrize("base", ["sgd", "adagrad"])
def test_so_does_a_path_that_leaves_the_surface_and_ends(shown: Shown, base: str) -> None:
    """The slope of log(x) is one over x: the first step leads beyond 0, where there is no height."""
    reader = shown(
        surface={"kind": "formula", "formula": "log(x) + y^2"}, start=[0.1, 0.5], compare="nothing",
        optimizer={"base": {"kind": base, "lr": 1.0}}, steps=20, map={"shows": "nothing"},
    )  # fmt: skip
    assert [each["text"].values for each in reader.notices()] == [{"chain": "chain", "step": 1}]


def test_presets_start_at_once() -> None:
    for preset in LAB.presets:
        params = Lab.model_validate(preset.values)
        x0, x1, y0, y1 = params.surface.extent
        assert x0 <= params.start[0] <= x1
        assert y0 <= params.start[1] <= y1
        assert preset.text


def test_variants_are_named_and_limited() -> None:
    chain = Optimizer.model_validate(CHAIN)
    assert [name for name, _ in variants(chain, "base", (), 6)] == ["chain", "1 adam"]
    assert [name for name, _ in variants(chain, "without", (), 6)][1:] == [
        "1 − decay", "2 − adaptation", "3 − piecewise", "4 − lookahead",
    ]  # fmt: skip
    prefixes = variants(chain, "prefixes", (chain,) * 6, 6)
    assert [len(each.stages) for _, each in prefixes] == [4, 0, 1, 2, 3, 4, 4]


@pytest.mark.parametrize("model", [Lab, Curves])
def test_the_form_says_which_chains_find_no_room(model: type[Params]) -> None:
    others = [{"base": {"kind": base}} for base in ("sgd", "rmsprop", "radam")]
    values = {"optimizer": CHAIN, "compare": "without", "others": others}

    def said(values: dict[str, Any]) -> list[str]:
        found = fields.remarks(model.model_validate(values))
        return [str(each.text) for each in found if each.fields == ("compare", "others")]

    assert said(values) == ["Beside the chain there is room for 6. Left out: radam."]
    assert said({**values, "others": others[:2]}) == []


@pytest.mark.parametrize("trainer", ["optimizer-curves", "gan"])
def test_the_chain_can_be_copied_into_a_trainers_form_and_back(trainer: str) -> None:
    tools = discover(Places.of(), settings.Settings()).tools
    ours, theirs = State(tools["optimizers"].tool.params), State(tools[trainer].tool.params)
    ours.replace({"optimizer": CHAIN})
    if "stages" not in dict(theirs.shown("optimizer")):
        pytest.skip(f"{trainer} does not offer stages")
    copied = copying.group_as_json(ours.shown("optimizer"))
    theirs.put("optimizer", copying.group_from_json(theirs.model, theirs.values, "optimizer", copied, theirs.put_into))
    assert not theirs.wrong
    pasted = fields.validate(theirs.model, theirs.values).optimizer  # type: ignore[attr-defined]
    wanted = Optimizer.model_validate(CHAIN)
    assert (pasted.base, pasted.stages) == (wanted.base, wanted.stages)
