"""What every tool must do, as a base class of tests. Subclass it, and a tool of yours is tested:

    from pathlib import Path

    from workbench.testing.contract import ToolContract

    class TestWalk(ToolContract):
        tool = "walk"
        plugins = (Path(__file__).parents[1] / "my_plugin",)  # not needed for a plugin that is installed
        # that is: my_plugin/__init__.py beside tests/test_walk.py; never inside the folder of the user's plugins
        quick = {"steps": 20}

The fixtures must be loaded: `pytest_plugins = ["workbench.testing.fixtures"]` in conftest.py. One uninterrupted run
per class is what all others are compared with, so keep `quick` quick.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, get_args

import pytest
from hypothesis import HealthCheck, given, settings

from workbench import fields, texts
from workbench.events import Kind
from workbench.runs.arrays import Arrays
from workbench.testing import catalogues
from workbench.testing.declared import declared_texts
from workbench.testing.running import Ran, Where, differences, values_for
from workbench.testing.stage import CHAIN, PATIENCE, Played, Stage
from workbench.testing.values import texts_of, values_of
from workbench.tool import Layer, Lead, Panel, Tool

_EXAMPLES = 30
_ENDS = 2.0
"""Seconds in which an evaluation that nobody wants any more must make way for the next."""


class ToolContract:
    """The tests of one tool.

    tool: its id. plugins: folders of plugins that are not installed. quick: parameters (nested, or by dotted path) of
    a run of seconds in which every stream is reported; where they need files, override `short`. optional_streams:
    those of panels that depend on the data and are not reported by the short run. measured: scalars that are
    measurements though they do not stand under time/ (scripts find them by a given name). change, slow: of a live tool,
    values that give another picture, and values with which an evaluation takes long. where: "thread" is quicker, but a
    job that hangs is not killed there.
    """

    tool: ClassVar[str]
    plugins: ClassVar[Sequence[Path]] = ()
    quick: ClassVar[Mapping[str, Any]] = {}
    optional_streams: ClassVar[Collection[str]] = ()
    measured: ClassVar[Collection[str]] = ()
    change: ClassVar[Mapping[str, Any]] = {"seed": 1}
    slow: ClassVar[Mapping[str, Any]] = {}
    where: ClassVar[Where] = "process"

    @classmethod
    def short(cls, folder: Path) -> Mapping[str, Any]:  # noqa: ARG003 - for those that override it
        """The parameters of the short run; files that they need may be made in `folder`."""
        return cls.quick

    @pytest.fixture
    def home(self, stage: Stage) -> Path:
        """The stage's, for all tests of the class."""
        return stage.home

    # ------------------------------------------------------------------ what is declared

    def test_the_plugin_is_found_without_a_fault(self, stage: Stage) -> None:
        faults = [str(each.text) for each in stage.plugin.problems]
        assert stage.plugin.state == "ok", f"the plugin is {stage.plugin.state}: {faults}"
        assert not faults, f"mend the declarations: {faults}"

    def test_defaults_and_presets_survive_the_record(self, stage: Stage) -> None:
        needed = {
            name: each for name, each in stage.given.items() if _required(stage.tool, name)
        }  # a field without a default cannot be left out
        survives(stage.tool, needed, "the defaults")
        for preset in stage.tool.presets:
            survives(stage.tool, {**needed, **preset.values}, f"preset {preset.id!r}")

    def test_any_parameters_survive_command_line_and_record(self, stage: Stage) -> None:
        model = stage.tool.params

        @settings(
            max_examples=_EXAMPLES, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(values=values_of(model))
        def hold(values: dict[str, Any]) -> None:
            written = {**stage.given}
            for path, text in texts_of(values):
                fields.assign(model, written, path, text)
            survives(stage.tool, written, " ".join(f"{path}={text}" for path, text in texts_of(values)))

        hold()

    def test_every_text_is_there_in_every_language(self, stage: Stage) -> None:
        missing = [*untranslated(stage)]
        assert not missing, f"translate in {stage.found.package}/locale: {missing}"

    def test_rows_lead_to_tools_and_parameters_that_are_there(self, stage: Stage) -> None:
        for lead in (part for panel in stage.tool.panels for part in panel.parts if isinstance(part, Lead)):
            assert lead.tool in stage.desk.registry.tools, f"there is no tool {lead.tool}"
            known = {field.path for field in fields.walk(stage.desk.tool(lead.tool).tool.params)}
            assert {lead.param, lead.takes or lead.param} <= known, f"{lead.tool} has no {lead.param} or {lead.takes}"

    # ------------------------------------------------------------------ a run

    def test_a_short_run_finishes(self, stage: Stage) -> None:
        whole = _run(stage)
        assert whole.state == "done", f"{dict(stage.given)}: {whole.said}; its log: {_log(whole)}"

    def test_every_stream_that_a_panel_shows_is_reported(self, stage: Stage) -> None:
        streams = _done(stage).streams()
        missing = [each for each in shown(stage.tool) if not _reported(each, streams)]
        missing = [each for each in missing if each not in self.optional_streams]
        assert not missing, (
            f"panels show {missing}, the run reported {sorted(streams)}: report them, take more steps in `quick`, "
            "or name those that depend on the data in `optional_streams`"
        )

    def test_the_scalar_by_which_a_checkpoint_is_the_best_is_reported(self, stage: Stage) -> None:
        best = stage.tool.best.lstrip("-")
        assert not best or best in _done(stage).scalars(), f"`best` names {best}, which the run did not report"

    def test_it_reports_only_what_can_be_shown(self, stage: Stage) -> None:
        _done(stage)
        unknown = {each.kind for each in stage.watched.events} - set(get_args(Kind))
        assert not unknown, f"events of unknown kinds: {unknown}; report through the context's methods"

    def test_watching_changes_nothing(self, stage: Stage) -> None:
        whole = _done(stage)
        assert stage.watched.state == "done", stage.watched.said
        advice = "compute what is only to be seen inside `with context.aside(...)`, random numbers for it too"
        _same(stage.watched, whole, advice, self.measured)
        _same(stage.unseen, whole, f"{advice}: it went another way when `context.wants` said no", self.measured)

    def test_it_stops_at_a_boundary(self, stage: Stage) -> None:
        _trains(stage)
        assert stage.halted.state == "stopped", (
            f"it was asked to stop and ended {stage.halted.state} {stage.halted.said}: "
            "loop with context.steps(), or call context.sync() during long work"
        )

    def test_it_resumes_exactly(self, stage: Stage) -> None:
        _trains(stage)
        assert stage.resumed.state == "done", f"the resumed run: {stage.resumed.said}"
        advice = (
            "name everything that training changes in context.track(...), and change it in place (`x += …`, "
            "`x[:] = …`, `x.copy_(…)`): after `x = …` the old object is tracked still"
        )
        _same(stage.resumed, stage.whole, advice, self.measured)

    def test_a_chain_of_stages_resumes_in_the_middle(self, stage: Stage) -> None:
        _trains(stage)
        missing = {"steps", "optimizer.stages"} - {each.path for each in fields.walk(stage.tool.params)}
        if missing:
            pytest.skip(f"it has no parameter {' and no '.join(sorted(missing))}")
        whole, halted, resumed = stage.chained
        assert [each.state for each in stage.chained] == ["done", "stopped", "done"], whole.said or resumed.said
        chains = [each for each in halted.optimizers() if each["kinds"] == [spec["kind"] for spec in CHAIN]]
        assert any(each["gradients"]["count"] and each["updates"] % 5 for each in chains), (
            "no tracked optimizer was in the middle of a window and of a cycle: make it with "
            "workbench.ml.optim.build.build(params.optimizer, …), step it once in a step and name it in context.track"
        )
        _same(resumed, whole, "the optimizer's state is in its state_dict(): track it, and leave its memory to it")

    def test_it_is_cancelled(self, stage: Stage) -> None:
        _trains(stage)
        assert stage.cancelled.state == "cancelled", f"{stage.cancelled.state} {stage.cancelled.said}"

    def test_it_answers_its_actions(self, stage: Stage) -> None:
        wanted = {each.id for each in stage.tool.actions if each.params is None}
        if not wanted:
            pytest.skip("it declares no action without parameters")
        _trains(stage)
        answered = {each["stream"] for each in stage.cancelled.reader.changes() if each["kind"] == "action"}
        assert answered == wanted, f"answer {wanted - answered} with context.on(action, handler), before the loop"

    def test_a_stack_of_runs_finishes(self, stage: Stage) -> None:
        if not stage.tool.stacked:
            pytest.skip("it does not stack runs")
        _trains(stage)
        assert [each.state for each in stage.stacked] == ["done", "done"], stage.stacked[0].said
        assert all(each.scalars() for each in stage.stacked), "report each run's scalars through its own context"

    # ------------------------------------------------------------------ a live tool

    def test_a_live_tool_answers_a_change(self, stage: Stage) -> None:
        played = _lives(stage)
        assert not played.errors, played.errors
        assert played.answered is not None, f"no answer to {dict(self.change)} within {PATIENCE} s"
        streams = {name for each in played.events for name in (each.stream, *each.arrays)}
        missing = {each for each in shown(stage.tool) if not _reported(each, streams)} - set(self.optional_streams)
        assert not missing, f"panels show {missing}, which was not reported"

    def test_a_superseded_evaluation_ends(self, stage: Stage) -> None:
        played = _lives(stage)
        assert played.superseded is not None, f"newer parameters were not answered within {PATIENCE} s"
        allowed = _ENDS + (played.answered or 0.0)
        assert played.superseded < allowed, (
            f"newer parameters waited {played.superseded:.1f} s for an evaluation that nobody wants any more: "
            "call context.sync() in its loops"
        )

    # ------------------------------------------------------------------ after all

    def test_nothing_is_left_behind(self, stage: Stage) -> None:
        if stage.tool.run:
            _run(stage)
        if stage.tool.live:
            _lives(stage)
        elif stage.tool.run:
            for each in (stage.resumed, *stage.stacked):
                each.close()
        stage.runner.close()
        left = stage.before.left_over()
        assert not left, "left behind:\n  " + "\n  ".join(left)


# --------------------------------------------------------------------- what the tests are made of


def survives(tool: Tool, values: Mapping[str, Any], what: str) -> None:
    """Parameters are the same after they were written into a record and read back; clear refusals are right too."""
    arrays = Arrays()
    try:
        params = values_for(tool.params, values)
    except fields.ParameterError:
        return
    recorded = json.loads(json.dumps(fields.record(params, arrays)))
    restored = fields.record(fields.restore(tool.params, recorded, arrays), arrays)
    assert json.loads(json.dumps(restored)) == recorded, (
        f"{what} came back changed from the record: validators must leave alone what they made"
    )


def shown(tool: Tool) -> list[str]:
    """The streams that the tool's panels name."""
    return list(dict.fromkeys(name for panel in tool.panels for name in _of_panel(panel)))


def _of_panel(panel: Panel) -> Iterator[str]:
    if panel.stream:
        yield panel.stream
    yield from (part.stream for part in panel.parts if isinstance(part, Layer))


def _reported(name: str, streams: Collection[str]) -> bool:
    """Whether a stream, or a group of scalars, is among those reported."""
    return name in streams or any(each.startswith(f"{name}/") for each in streams)


def untranslated(stage: Stage) -> Iterator[str]:
    """The texts of the tool's plugin without a translation; none where the plugin has no catalogue."""
    package = stage.found.package
    for language in catalogues.LANGUAGES:
        file = texts.folder(package) / language / "LC_MESSAGES" / f"{package}.mo"
        known = catalogues.compiled(file)
        if file.exists():
            yield from (f"{language}: {text!r}" for text in sorted(texts_in(stage, package)) if text not in known)


def texts_in(stage: Stage, package: str) -> set[str]:
    """All texts of a plugin: declared ones, and those marked in its sources (notices, errors)."""
    found = catalogues.Texts()
    for file in texts.folder(package).parent.rglob("*.py"):
        catalogues.read(found, package, file, file.name)
    declared = {text for domain, text in declared_texts(stage.desk.registry) if domain == package}
    return declared | set(found.found[package])


def _required(tool: Tool, name: str) -> bool:
    info = tool.params.model_fields.get(name)
    return info is not None and info.is_required()


def _run(stage: Stage) -> Ran:
    if not stage.tool.run:
        pytest.skip("it runs no job")
    return stage.whole


def _done(stage: Stage) -> Ran:
    whole = _run(stage)
    if whole.state != "done":
        pytest.skip("the short run did not finish")
    return whole


def _trains(stage: Stage) -> None:
    if stage.tool.live:
        pytest.skip("a live tool is evaluated anew, there is nothing to resume")
    _done(stage)


def _lives(stage: Stage) -> Played:
    if not stage.tool.live:
        pytest.skip("it is not a live tool")
    return stage.played


def _same(ours: Ran, theirs: Ran, advice: str, measured: Collection[str] = ()) -> None:
    """Fails where two runs differ in a scalar that is no measurement, or in their last checkpoint."""
    scalars = [each for each in differences(ours.scalars(), theirs.scalars()) if each not in measured]
    assert not scalars, f"other values of {scalars}: {advice}"
    tensors = differences(ours.tensors(), theirs.tensors())
    assert not tensors, f"other tensors in the last checkpoint, {tensors}: {advice}"


def _log(ran: Ran) -> str:
    """The end of the run's log."""
    file = ran.folder / "log.txt"
    return file.read_text("utf-8", "replace")[-2000:] if file.exists() else "(none)"
