"""Settings: places, defaults, the file, and what is wrong with it by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import settings
from workbench.errors import UserError
from workbench.settings import Places, Settings


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.delenv(settings.WORKSPACE, raising=False)
    return Places(tmp_path / "new" / "settings.toml", tmp_path / "plugins", tmp_path / "logs")


def write(places: Places, text: str) -> None:
    places.settings_file.parent.mkdir(parents=True, exist_ok=True)
    places.settings_file.write_text(text, "utf-8")


def test_a_profile_is_a_subfolder_of_each_place() -> None:
    usual, other = Places.of(), Places.of("class-a")
    for name in ("settings_file", "plugins", "logs"):
        assert "kexue-workbench" in getattr(usual, name).parts
        assert getattr(usual, name) != getattr(other, name)
        assert "class-a" in getattr(other, name).parts


@pytest.mark.parametrize("profile", ["..", "a/b", ".hidden", "a b"])
def test_a_profile_is_a_plain_name(profile: str) -> None:
    with pytest.raises(UserError, match="no name for a profile"):
        Places.of(profile)


def test_without_a_file_there_are_defaults(places: Places) -> None:
    found = settings.load(places)
    assert found == Settings()
    assert (found.workspace, found.cpu_slots, found.gpu_slots, found.device) == (
        Path.home() / "Workbench",
        2,
        1,
        "auto",
    )
    assert not places.settings_file.parent.exists()


def test_what_is_saved_is_loaded_and_only_what_differs_is_written(places: Places, tmp_path: Path) -> None:
    chosen = Settings(language="zh_CN", disabled_plugins=("ebm",), workspace=tmp_path / "w", grace_seconds=2.5)
    settings.save(places, chosen)
    assert settings.load(places) == chosen
    assert "gpu_slots" not in places.settings_file.read_text("utf-8")
    settings.save(places, Settings())
    assert places.settings_file.read_text("utf-8") == ""
    assert [path.name for path in places.settings_file.parent.iterdir()] == ["settings.toml"]


def test_a_failing_write_leaves_the_old_file(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(places, Settings(threads=3))

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("workbench.settings.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        settings.save(places, Settings(threads=4))
    assert settings.load(places).threads == 3
    assert [path.name for path in places.settings_file.parent.iterdir()] == ["settings.toml"]


def test_the_environment_goes_before_the_file_and_is_not_written(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.save(places, Settings(workspace=tmp_path / "mine"))
    monkeypatch.setenv(settings.WORKSPACE, str(tmp_path / "borrowed"))
    found = settings.load(places)
    assert found.workspace == tmp_path / "borrowed"
    settings.save(places, found.model_copy(update={"threads": 3}))
    monkeypatch.delenv(settings.WORKSPACE)
    assert (settings.load(places).workspace, settings.load(places).threads) == (tmp_path / "mine", 3)


def test_what_is_wrong_with_the_environment_is_not_said_of_the_file(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(places, "workspace = '/right'\n")
    monkeypatch.setenv(settings.WORKSPACE, "~nobody-of-this-name/runs")
    with pytest.raises(UserError, match="~nobody-of-this-name/runs is in no") as caught:
        settings.load(places)
    assert caught.value.text.startswith("~nobody")
    assert "line" not in caught.value.remedy
    assert settings.salvage(places)[0].workspace == Path("/right")


def test_a_relative_workspace_means_the_same_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(workspace=Path("here")).workspace == tmp_path / "here"
    assert Settings(workspace=Path("~/there")).workspace == Path.home() / "there"


@pytest.mark.parametrize(
    ("text", "reason", "field"),
    [
        ("threads = 1\nlanguage = \n", "line 2", ""),
        ("threads = 1\n\nthreadz = 2\n", "line 3: there is no setting threadz; there are: language", "threadz"),
        ("language = 'en'\ncpu_slots = 0\n", "line 2: cpu_slots = 0: ", "cpu_slots"),
        ("language = 'de'\n", "line 1: language = 'de': ", "language"),
        ("\n[plugins]\ndisabled = []\n", "line 2: there is no setting plugins", "plugins"),
        ("disabled_plugins = [1]\n", "line 1: disabled_plugins.0 = 1: ", "disabled_plugins"),
        ("device = 'tpu'\n", "line 1: device = 'tpu': ", "device"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(places: Places, text: str, reason: str, field: str) -> None:
    write(places, text)
    with pytest.raises(UserError) as caught:
        settings.load(places)
    assert str(places.settings_file) in caught.value.text
    assert reason in caught.value.text
    assert caught.value.field == field
    assert caught.value.remedy


def test_bytes_that_are_no_text_are_said(places: Places) -> None:
    places.settings_file.parent.mkdir()
    places.settings_file.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="not readable as TOML"):
        settings.load(places)


@pytest.mark.parametrize("text", [f"x = {'[' * 50_000}", f"threads = {'9' * 5000}"])
def test_what_is_beyond_all_bounds_is_said(places: Places, text: str) -> None:
    write(places, text)
    with pytest.raises(UserError, match="not readable as TOML"):
        settings.load(places)
    assert settings.salvage(places)[0] == Settings()


def test_a_mark_before_the_text_is_no_damage(places: Places) -> None:
    write(places, "\ufefftheme = 'dark'\n")
    assert settings.load(places).theme == "dark"
    write(places, "\ufeffcpu_slots = 0\n")
    with pytest.raises(UserError, match="line 1: cpu_slots"):
        settings.load(places)


@pytest.mark.parametrize(
    ("gigabytes", "why"), [("1e300", "at most"), ("inf", "at most"), ("0.1", "0, or at least"), ("-1", "at least 0")]
)
def test_the_limit_of_memory_is_one_that_works(places: Places, gigabytes: str, why: str) -> None:
    write(places, f"memory_gigabytes = {gigabytes}\n")
    with pytest.raises(UserError, match=f"line 1: memory_gigabytes = .*: must be {why}"):
        settings.load(places)
    write(places, "memory_gigabytes = 0.5\n")
    assert settings.load(places).memory_gigabytes == 0.5


def test_a_change_leaves_the_other_settings_as_they_stand(places: Places) -> None:
    settings.save(places, Settings(threads=3))
    assert settings.change(places, theme="dark") == Settings(threads=3, theme="dark")
    assert settings.load(places) == Settings(threads=3, theme="dark")
    write(places, "threadz = 1\n")
    with pytest.raises(UserError, match="line 1"):
        settings.change(places, theme="light")
    assert places.settings_file.read_text("utf-8") == "threadz = 1\n"


def test_a_damaged_file_is_understood_as_far_as_it_goes_and_mended(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = f"threads = 3\ncpu_slots = 0\nthreadz = 1\nworkspace = '{tmp_path}'\n"
    write(places, wrong)
    monkeypatch.setenv(settings.WORKSPACE, str(tmp_path / "borrowed"))
    found, damage = settings.salvage(places)
    assert found == Settings(threads=3, workspace=tmp_path / "borrowed")
    assert damage is not None
    assert "line 2: cpu_slots = 0: must be at least 1." in damage.text
    aside = settings.mend(places, keep=True)
    assert aside.read_text("utf-8") == wrong
    monkeypatch.delenv(settings.WORKSPACE)
    assert settings.salvage(places) == (Settings(threads=3, workspace=tmp_path), None)
    settings.mend(places, keep=False)
    assert settings.load(places) == Settings()


def test_a_file_that_cannot_be_read_is_said(places: Places) -> None:
    places.settings_file.mkdir(parents=True)
    with pytest.raises(UserError, match="cannot be read"):
        settings.load(places)
    assert settings.salvage(places)[0] == Settings()
