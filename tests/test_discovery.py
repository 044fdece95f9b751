"""Discovery: what is right is on offer, what is wrong is said in full and takes nothing along."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from workbench import fields
from workbench.discovery import Plugin, Registry, discover, load_object, names, notify
from workbench.errors import UserError
from workbench.settings import Places, Settings
from workbench.texts import translate

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "numpy", "pyqtgraph", "transformers", "jieba", "ray", "sklearn", "PySide6", "duckdb", "pandas")
START = """
from workbench.api import *
from typing import Annotated, Any, Literal
class Settings(Params):
    steps: int = P(10, "Steps", ge=1)
def run(params, context): ...
"""
ONE = START + "@hookimpl\ndef workbench_declare():\n    return [Tool('{id}', 'A tool', Settings, run=':run')]\n"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    """Places in a folder of their own; what was imported from there is forgotten afterwards."""
    before = list(sys.path)
    (tmp_path / "plugins").mkdir()
    yield Places(tmp_path / "settings.toml", tmp_path / "plugins", tmp_path / "logs")
    sys.path[:] = before
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lays a distribution with one entry point on the path, as an installer would."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)

    def lay(name: str, body: str, distribution: str = "") -> None:
        (site / f"{name}_module.py").write_text(body, "utf-8")
        about = site / f"{(distribution or name).replace('-', '_')}-2.5.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or name}\nVersion: 2.5\n", "utf-8")
        (about / "entry_points.txt").write_text(f"[workbench.plugins]\n{name} = {name}_module\n", "utf-8")

    return lay


def put(places: Places, name: str, body: str) -> None:
    (places.plugins / f"{name}.py").write_text(dedent(body), "utf-8")


def named(registry: Registry, name: str) -> Plugin:
    return next(plugin for plugin in registry.plugins if plugin.name == name)


def said(plugin: Plugin) -> str:
    return "\n".join(problem.text for problem in plugin.problems)


def declaring(*declarations: str, before: str = "") -> str:
    return f"{START}{dedent(before)}\n@hookimpl\ndef workbench_declare():\n    return [{', '.join(declarations)}]\n"


GOOD = "Tool('good', 'Good', Settings, run=':run')"


# --------------------------------------------------------------------------- what is right


def test_a_module_and_a_package_of_the_folder_are_found(places: Places) -> None:
    put(places, "walk", ONE.format(id="walk"))
    package = places.plugins / "stroll"
    package.mkdir()
    (package / "__init__.py").write_text(ONE.format(id="stroll").replace(":run", ".job:run"), "utf-8")
    (package / "job.py").write_text("def run(params, context): return 'strolled'\n", "utf-8")
    registry = discover(places, Settings())
    stroll, walk = named(registry, "stroll"), named(registry, "walk")
    assert (stroll.state, stroll.source, stroll.tools, stroll.package) == ("ok", "folder", ("stroll",), "stroll")
    assert (walk.path, stroll.path) == (places.plugins / "walk.py", places.plugins / "stroll")
    assert walk.load_seconds > 0
    found = registry.tools["stroll"]
    assert (found.tool.title, found.plugin) == ("A tool", "stroll")
    assert load_object(found.package, found.tool.run)(None, None) == "strolled"


def test_a_plugin_may_be_a_link_to_where_it_is_written(places: Places, tmp_path: Path) -> None:
    (tmp_path / "written").mkdir()
    (tmp_path / "written/__init__.py").write_text(ONE.format(id="walk"), "utf-8")
    (tmp_path / "one.py").write_text(ONE.format(id="one"), "utf-8")
    (places.plugins / "linked").symlink_to(tmp_path / "written", target_is_directory=True)
    (places.plugins / "single.py").symlink_to(tmp_path / "one.py")
    registry = discover(places, Settings())
    assert (registry.tools["walk"].plugin, registry.tools["one"].plugin) == ("linked", "single")


def test_an_installed_plugin_has_the_version_of_its_distribution(places: Places, install: Callable[..., None]) -> None:
    install("hop", ONE.format(id="hop"))
    registry = discover(places, Settings())
    plugin = named(registry, "hop")
    assert (plugin.source, plugin.version, plugin.package) == ("installed", "2.5", "hop_module")
    assert registry.tools["hop"].version == "2.5"


def test_offered_fields_become_variants_of_what_is_declared_anywhere(places: Places) -> None:
    offered = "class Open(Params):\n    data: Annotated[Any, Offered('dataset/toy')] = 'ring'\n"
    put(places, "a_tool", declaring("Tool('open', 'Open', Open, run=':run')", before=offered))
    ring = "class Ring(Group):\n    sigma: float = P(0.1, 'Width', gt=0)\ndef load(params, context): ...\n"
    put(places, "z_data", declaring("Offer('ring', 'dataset/toy', 'A ring', ':load', Ring)", before=ring))
    registry = discover(places, Settings())
    params = registry.tools["open"].tool.params
    assert fields.record(fields.validate(params, {}))["data"] == {"sigma": 0.1, "kind": "ring"}
    assert registry.offers["ring"].declaration.title == "A ring"


# --------------------------------------------------------------------------- what is wrong with a plugin


BAD = "Tool('bad', 'Bad', Settings, run=':run', panels=(Panel('c', parts=({parts})),))"
HANDLED = BAD.format(parts="Layer('points', 's'), Handle(%s)")
STYLED = BAD.format(parts="Layer('points', 's', {%s}),")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"{START}Layer('dots', 's')\n", "Layer: kind: dots is not one of 'scalars', 'lines'"),
        (f"{START}Layer('points', 's', styl={{}})\n", "Layer: styl: there is no such field."),
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def broken(:\n", "SyntaxError"),
        ("raise SystemExit(3)\n", "SystemExit: 3"),
        ("import sys\nsys.exit()\n", "SystemExit"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("class Own(BaseException): ...\nraise Own('mine')\n", "Own: mine"),
        (f"{START}@hookimpl\ndef workbench_declare():\n    raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        (f"WORKBENCH_API = 99\n{ONE.format(id='x')}", "It is written for API version 99; this is 1."),
        ("value = 1\n", "It implements no hook."),
        (f"{START}@hookimpl\ndef workbench_decalre(): ...\n", "workbench_decalre"),
        (f"{START}@hookimpl\ndef workbench_declare(window): ...\n", "window"),
        (f"{START}@hookimpl\ndef workbench_declare():\n    return 1 / 0\n", "ZeroDivisionError"),
        (f"{START}@hookimpl\ndef workbench_declare():\n    return {GOOD}\n", "TypeError"),
    ],
)
def test_a_broken_plugin_is_listed_with_the_reason_and_stops_nothing(places: Places, body: str, reason: str) -> None:
    put(places, "broken", body)
    put(places, "fine", ONE.format(id="fine"))
    registry = discover(places, Settings())
    assert named(registry, "broken").state == "failed"
    assert reason in said(named(registry, "broken"))
    assert list(registry.tools)[-1] == "fine"


@pytest.mark.usefixtures("listening")
def test_a_person_s_ctrl_c_goes_through(places: Places) -> None:
    put(places, "slow", "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(30)\n")
    with pytest.raises(KeyboardInterrupt):
        discover(places, Settings())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_plugin_that_is_long_in_loading_is_named(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.loading.PATIENCE", 0.3)
    put(places, "quick", ONE.format(id="quick"))
    put(places, "slow", "import time\ntime.sleep(1)\n" + ONE.format(id="slow"))
    late: list[str] = []
    registry = discover(places, Settings(), late=late.append)
    assert late == ["slow"]
    assert (named(registry, "slow").state, names(places)[-2:]) == ("ok", ["quick", "slow"])


def test_an_error_comes_with_its_whole_traceback(places: Places) -> None:
    put(places, "broken", "def deep():\n    return 1 / 0\n\ndeep()\n")
    (problem,) = named(discover(places, Settings()), "broken").problems
    assert "line 2, in deep" in problem.traceback
    assert "discovery.py" not in problem.traceback
    assert "importlib" not in problem.traceback


def test_a_name_that_is_no_modules_and_one_that_is_taken(places: Places) -> None:
    put(places, "my-plugin", ONE.format(id="x"))
    put(places, "random", ONE.format(id="y"))
    put(places, "time", ONE.format(id="z"))
    for folder in ("walk.v2", "walk.old"):
        (places.plugins / folder).mkdir()
        (places.plugins / folder / "__init__.py").write_text(ONE.format(id=folder), "utf-8")
    registry = discover(places, Settings())
    assert "'my-plugin' is no name of a Python module." in said(named(registry, "my-plugin"))
    assert "'walk.v2' is no name of a Python module." in said(named(registry, "walk.v2"))
    assert "'walk.old' is no name of a Python module." in said(named(registry, "walk.old"))
    assert "Another module has the name random" in said(named(registry, "random"))
    assert "Another module has the name time: Python" in said(named(registry, "time"))


def test_a_generator_keeps_what_it_gave_before_it_failed(places: Places) -> None:
    put(places, "half", f"{START}@hookimpl\ndef workbench_declare():\n    yield {GOOD}\n    yield 1 / 0\n")
    registry = discover(places, Settings())
    assert (named(registry, "half").state, list(registry.tools)[-1]) == ("ok", "good")
    assert "ZeroDivisionError" in said(named(registry, "half"))


# --------------------------------------------------------------------------- what is wrong with a declaration


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("3", "int is no declaration."),
        ("Tool('bad', 'Bad', Settings)", "it has neither run nor view."),
        ("Tool('bad', 'Bad', Settings, view=':run', live=True)", "it is live, but has nothing to run."),
        ("Tool('b/d', 'Bad', Settings, run=':run')", "'b/d' is no id"),
        ("Tool('bad', 'Bad', Settings, run='run')", 'run is not of the form "module:function".'),
        ("Tool('bad', 'Bad', Settings, run='nowhere:run')", "nowhere:run names a module that is not there."),
        ("Tool('bad', 'Bad', Open, run=':run')", "no plugin offers dataset/none."),
        ("Tool('bad', 'Bad', Wrong, run=':run')", "the default of rate: must be greater than 0.0."),
        ("Tool('bad', 'Bad', Shown, run=':run')", "inner.a is shown when b, which does not exist."),
        ("Tool('bad', 'Bad', Raising, run=':run')", "ZeroDivisionError"),
        ("Tool('bad', 'Bad', Leaving, run=':run')", "SystemExit"),
        ("Tool('bad', 'Bad', Settings, run=':run', presets=(Preset('p', 'P', {'steps': 0}),))",
         "preset p: steps: must be at least 1."),
        ("Tool('bad', 'Bad', Settings, run=':run', presets=(Preset('p', 'P', {'stepz': 1}),))",
         "preset p: stepz: there is no field stepz; did you mean steps?"),
        ("Tool('bad', 'Bad', Settings, run=':run', presets=(Preset('p', 'P', {}), Preset('p', 'Q', {})))",
         "preset p is declared 2 times."),
        ("Tool('bad', 'Bad', Settings, run=':run', panels=(Panel('c', 'circle'),))", "there is no kind circle"),
        ("Tool('bad', 'Bad', Settings, run=':run', panels=(Panel('c'),))", "panel c: a plot needs a layer."),
        ("Tool('bad', 'Bad', Settings, run=':run', panels=(Panel('c', 'images'),))", "a panel of images names one"),
        ("Tool('bad', 'Bad', Settings, run=':run', layout='a | c')", "the layout names panel a"),
        ("Tool('bad', 'Bad', Nested, run=':run', panels=(Panel('c', parts=(Layer('points', 's'), "
         "Handle('point', 'inner.z'))),))", "panel c: a handle sets inner.z, which does not exist."),
        ("Tool('bad', 'Bad', Settings, run=':run', panels=(Panel('c', parts=(Layer('points', 's'), "
         "Handle('select', 'steps', of='q'))),))", "a handle picks from q"),
        (HANDLED % "'point', 'steps'",
         "the gesture point cannot set steps: it needs a pair of numbers"),
        (STYLED % "'color': 'red'",
         "points have no style color; did you mean colour?"),
        (STYLED % "'q': 1", "points have no style q; there are"),
        (STYLED % "'size': 'big'",
         "the style size of s is a number of pixels, not 'big'."),
        ("Offer('ring', 'dataset/toy', 'Ring', ':run', Kinded)", "its parameters have a field kind"),
        ("Exporter('csv', 'CSV', 'write')", "Exporter csv: write is not of the form"),
        ("ArtifactKind('model/x', 'X', '.gone:load')", "ArtifactKind model/x"),
    ],
)  # fmt: skip
def test_a_bad_declaration_is_left_out_by_itself(places: Places, bad: str, reason: str) -> None:
    models = """
    from pydantic import field_validator
    class Open(Params):
        data: Annotated[Any, Offered('dataset/none')] = 'ring'
    class Wrong(Params):
        rate: float = P(-1.0, gt=0.0)
    class Inner(Group):
        a: int = P(1, when={'b': 2})
    class Shown(Params):
        inner: Inner = Inner()
    class Plain(Group):
        a: int = 1
    class Nested(Params):
        inner: Plain = Plain()
    class Kinded(Group):
        kind: int = 1
    class Raising(Params):
        a: int = 1
        @field_validator('a')
        @classmethod
        def check(cls, value):
            return value / 0
    class Leaving(Params):
        a: int = 1
        @field_validator('a')
        @classmethod
        def check(cls, value):
            raise SystemExit
    """
    put(places, "mixed", declaring(bad, GOOD, before=models))
    registry = discover(places, Settings())
    plugin = named(registry, "mixed")
    assert (plugin.state, plugin.tools) == ("ok", ("good",))
    assert reason in said(plugin)
    assert "bad" not in registry.tools


@pytest.mark.parametrize(
    ("gesture", "param"), [("point", "inner.x"), ("level", "choice.width"), ("point", "choice"), ("select", "seed")]
)
def test_handles_reach_into_groups_and_variants(places: Places, gesture: str, param: str) -> None:
    models = """
    class Inner(Group):
        x: tuple[float, float] = (0.0, 0.0)
    class Wide(Group):
        kind: Literal['wide'] = 'wide'
        width: float = 1.0
    class Slim(Group):
        kind: Literal['slim'] = 'slim'
    class Nested(Params):
        inner: Inner = Inner()
        choice: Annotated[Wide | Slim, OneOf()] = Slim()
    """
    panel = f"Panel('c', parts=(Layer('points', 's'), Handle('{gesture}', '{param}')))"
    put(places, "deep", declaring(f"Tool('deep', 'Deep', Nested, run=':run', panels=({panel},))", before=models))
    registry = discover(places, Settings())
    assert said(named(registry, "deep")) == ""
    assert "deep" in registry.tools


def test_the_first_of_a_repeated_id_keeps_it_entry_points_before_the_folder(
    places: Places, install: Callable[..., None]
) -> None:
    install("zebra", ONE.format(id="walk"))
    put(places, "ant", ONE.format(id="walk"))
    registry = discover(places, Settings())
    assert registry.tools["walk"].plugin == "zebra"
    assert "Tool walk: the plugin zebra has declared this id before." in said(named(registry, "ant"))


@pytest.mark.parametrize(
    "declaration",
    [
        "Offer('ring', 'dataset/toy', 'Ring', ':run', Empty)",
        "ArtifactKind('model/toy', 'Toy', ':run')",
        "Exporter('toy', 'Toy', ':run')",
    ],
)
def test_repeated_data_sets_kinds_and_exporters_are_said(places: Places, declaration: str) -> None:
    put(places, "one", declaring(declaration, declaration, before="class Empty(Group): ...\n"))
    assert "the plugin one has declared this id before." in said(named(discover(places, Settings()), "one"))


def test_a_repeated_plugin_name_is_skipped(places: Places, install: Callable[..., None]) -> None:
    install("walk", ONE.format(id="first"))
    put(places, "walk", ONE.format(id="second"))
    first, second = (plugin for plugin in discover(places, Settings()).plugins if plugin.name == "walk")
    assert (first.state, first.tools) == ("ok", ("first",))
    assert (second.state, said(second)) == ("skipped", "Another plugin has the name walk.")


# --------------------------------------------------------------------------- choosing, telling


def test_a_disabled_plugin_is_listed_and_not_imported(places: Places) -> None:
    put(places, "walk", "raise RuntimeError('imported')\n")
    plugin = named(discover(places, Settings(disabled_plugins=("walk",))), "walk")
    assert (plugin.state, plugin.problems, "walk" in sys.modules) == ("disabled", (), False)


def test_safe_mode_loads_only_what_is_built_in(places: Places, install: Callable[..., None]) -> None:
    install("hop", ONE.format(id="hop"))
    put(places, "walk", ONE.format(id="walk"))
    registry = discover(places, Settings(), safe_mode=True)
    assert {named(registry, name).state for name in ("hop", "walk")} == {"skipped"}
    assert {found.plugin for found in registry.tools.values()}.isdisjoint({"hop", "walk"})


def test_a_distribution_of_our_name_is_built_in(
    places: Places, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.discovery.APP", "our-own")
    install("hop", ONE.format(id="hop"), distribution="our-own")
    registry = discover(places, Settings(), safe_mode=True)
    assert (named(registry, "hop").source, "hop" in registry.tools) == ("built-in", True)


def test_a_plugin_that_fails_to_listen_stops_nobody(places: Places, caplog: pytest.LogCaptureFixture) -> None:
    hook = "@hookimpl\ndef workbench_run_finished(run, state):\n    "
    put(places, "a_deaf", f"{START}{hook}raise RuntimeError('deaf')\n")
    put(places, "b_listener", f"{START}heard = []\n{hook}heard.append((run, state))\n")
    registry = discover(places, Settings())
    notify(registry, "workbench_run_finished", run="r1", tool="walk", state="done")
    assert sys.modules["b_listener"].heard == [("r1", "done")]
    assert "a_deaf: workbench_run_finished failed" in caplog.text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("run", 'run is not of the form "module:function".'),
        (".gone:run", ".gone:run of workbench cannot be imported"),
        (".texts:gone", "workbench.texts has no gone."),
    ],
)
def test_a_name_that_leads_nowhere_is_one_clear_line(name: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason.replace(".", r"\.")):
        load_object("workbench", name)
    assert load_object("workbench", ".texts:translate") is translate


def test_discovery_imports_nothing_heavy(places: Places) -> None:
    """Neither the host's discovery nor any of the built-in plugins."""
    put(places, "walk", ONE.format(id="walk"))
    code = f"""
import sys
from pathlib import Path
from workbench.discovery import discover
from workbench.settings import Places, Settings
registry = discover(Places(Path('s.toml'), Path({str(places.plugins)!r}), Path('logs')), Settings())
assert 'walk' in registry.tools, registry
for name in {sorted(path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py"))!r}:
    __import__(name)
print(*sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr
