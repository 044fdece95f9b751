"""What a person has set once for all: a small TOML file, and the places where the program keeps its things."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs
import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from workbench import fields
from workbench.errors import UserError
from workbench.texts import LANGUAGES, T, Text

APP = "kexue-workbench"
WORKSPACE = "WORKBENCH_WORKSPACE"
"""The environment variable that names the workspace; it goes before the settings."""

_LEAST_MEMORY = 0.5
"""Gigabytes."""


@dataclass(frozen=True)
class Places:
    """Where the settings, the user's plugins and the logs lie; none of them need exist."""

    settings_file: Path
    plugins: Path
    logs: Path

    @classmethod
    def of(cls, profile: str = "") -> Places:
        """The places of a profile, a subfolder of the usual ones. Raises UserError for a name that is no folder's."""
        if profile and not re.fullmatch(r"\w[\w.-]*", profile):
            raise UserError(
                T("{profile} is no name for a profile.", profile=repr(profile)),
                remedy=T("Use letters, digits, dot, dash and underscore."),
            )
        part = Path("profiles", profile) if profile else Path()
        config, data = platformdirs.user_config_path(APP, False), platformdirs.user_data_path(APP, False)
        logs = platformdirs.user_log_path(APP, False)
        return cls(config / part / "settings.toml", data / part / "plugins", logs / part)


class Settings(BaseModel):
    """The settings; every one has a default, and only those that differ from it stand in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["", "en", "zh_CN"] = Field(
        "",
        title=T("Language"),
        description=T("Language of all texts."),
        json_schema_extra={"choices": {"": T("As the system"), **{name: Text(LANGUAGES[name]) for name in LANGUAGES}}},
    )
    theme: Literal["auto", "light", "dark"] = Field(
        "auto",
        title=T("Theme"),
        description=T("Colours of the window."),
        json_schema_extra={"choices": {"auto": T("As the system"), "light": T("Light"), "dark": T("Dark")}},
    )
    frame_rate: float = Field(
        30.0,
        ge=1,
        le=240,
        title=T("Frame rate"),
        description=T("Frames a second that panels draw at most."),
        json_schema_extra={"unit": T("per second")},
    )
    workspace: Path = Field(
        Path("~/Workbench"),
        title=T("Workspace"),
        description=T("Folder of the runs."),
        validate_default=True,
    )
    disabled_plugins: tuple[str, ...] = Field(
        (), title=T("Disabled plugins"), description=T("Plugins, by name, that are not loaded.")
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        title=T("Device"),
        description=T("Where jobs compute: auto (a GPU where there is one), cpu, cuda, cuda:1 …, mps."),
    )
    cpu_slots: int = Field(
        2, ge=1, title=T("Slots of the processor"), description=T("Jobs that run at once on the processor.")
    )
    gpu_slots: int = Field(1, ge=1, title=T("Slots of a GPU"), description=T("Jobs that run at once on each GPU."))
    threads: int = Field(
        0, ge=0, title=T("Threads"), description=T("Torch threads of a job; 0: cores divided by running jobs.")
    )
    memory_gigabytes: float = Field(
        0.0,
        ge=0,
        le=1e6,
        title=T("Memory limit"),
        description=T("Most memory that a job may take (Linux only); 0: no limit."),
        json_schema_extra={"unit": "GB"},
    )
    guard: Literal["off", "stop", "lower"] = Field(
        "stop",
        title=T("Divergence guard"),
        description=T(
            "What happens to a job whose values become infinite or explode: it goes back to its last good checkpoint, "
            "and fails there, to be resumed when something was changed, or continues with lower learning rates."
        ),
        json_schema_extra={
            "choices": {
                "off": T("Do nothing"),
                "stop": T("Go back and fail there"),
                "lower": T("Go back, lower the rate"),
            }
        },
    )
    grace_seconds: float = Field(
        10.0,
        gt=0,
        title=T("Time to stop"),
        description=T("How long a job may take to stop before it is killed."),
        json_schema_extra={"unit": "s"},
    )
    silence_seconds: float = Field(
        300.0,
        ge=0,
        title=T("Silence"),
        description=T("A job that reports nothing for so long is said to be silent, for it may hang; 0: never."),
        json_schema_extra={"unit": "s"},
    )
    checkpoint_seconds: float = Field(
        60.0,
        gt=0,
        title=T("Checkpoint every"),
        description=T("Time between two checkpoints of a job; dear ones are written less often."),
        json_schema_extra={"unit": "s"},
    )
    checkpoints_kept: int = Field(
        3,
        ge=1,
        title=T("Checkpoints kept"),
        description=T("So many of the newest of each run; the first, the best and those referred to are kept too."),
    )
    cache_gigabytes: float = Field(
        5.0,
        gt=0,
        title=T("Cache limit"),
        description=T("Most that decoded data sets may take in the workspace; the longest unused go first."),
        json_schema_extra={"unit": "GB"},
    )

    @field_validator("memory_gigabytes")
    @classmethod
    def _enough(cls, gigabytes: float) -> float:
        """In less no worker starts at all."""
        if 0 < gigabytes < _LEAST_MEMORY:
            raise ValueError(T("must be 0, or at least {least}.", least=_LEAST_MEMORY))
        return gigabytes

    @field_validator("workspace")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        try:
            return absolute(path)
        except UserError as error:
            raise ValueError(error.text) from error


def absolute(path: Path) -> Path:
    """So that it means the same wherever the program is started. Raises UserError for the home of nobody."""
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        text = T("{path} is in no known home folder.", path=path)
        raise UserError(text, remedy=T("Write the whole path.")) from error


def load(places: Places) -> Settings:
    """The settings of `places`, defaults where there is no file; WORKBENCH_WORKSPACE goes before the file.

    Raises UserError, naming file and line, for broken TOML, an unknown key and a wrong value; and for a variable that
    names the home of nobody.
    """
    values = _read(places.settings_file)
    override = os.environ.get(WORKSPACE)
    if override:
        values["workspace"] = absolute(Path(override))
    return _checked(values, places.settings_file)


def save(places: Places, settings: Settings) -> None:
    """Writes what differs from the defaults, atomically. Raises OSError where the folder cannot be written.

    A workspace that came from the environment is not written: the file keeps its own.
    """
    values = settings.model_dump(mode="json", exclude_defaults=True)
    if settings.workspace == Settings().workspace:
        values.pop("workspace", None)
    override = os.environ.get(WORKSPACE)
    if override and settings.workspace == Settings(workspace=Path(override)).workspace:
        values.pop("workspace", None)
        values |= {key: value for key, value in _read(places.settings_file).items() if key == "workspace"}
    _write(places.settings_file, tomli_w.dumps(values))


def change(places: Places, **changes: Any) -> Settings:
    """Changes these settings in the file and leaves the others as they stand there; returns what then holds.

    Raises UserError for a damaged file and OSError where it cannot be written.
    """
    stored = load(places)
    changed = Settings.model_validate({**stored.model_dump(), **changes})
    save(places, changed)
    return changed


def salvage(places: Places) -> tuple[Settings, UserError | None]:
    """The settings as far as the file can be understood, and what is wrong with it. Raises nothing."""
    try:
        return load(places), None
    except UserError as error:
        override = os.environ.get(WORKSPACE)
        right = _right(places.settings_file)
        if override and _is_right("workspace", override):
            right["workspace"] = override
        return Settings.model_validate(right), error


def mend(places: Places, *, keep: bool) -> Path:
    """Writes a damaged file anew, with what can be understood of it (keep) or empty: all settings are the defaults.

    The damaged one is kept beside it; its path is returned. Raises OSError where nothing can be written.
    """
    file = places.settings_file
    aside = file.with_name(f"{file.name}.damaged")
    shutil.copyfile(file, aside)
    _write(file, tomli_w.dumps(_right(file) if keep else {}))
    return aside


def _right(file: Path) -> dict[str, Any]:
    """The values that are right each for itself; none where the file as a whole cannot be read."""
    try:
        values = _read(file)
    except UserError:
        return {}
    return {key: value for key, value in values.items() if _is_right(key, value)}


def _is_right(key: str, value: Any) -> bool:
    try:
        Settings.model_validate({key: value})
    except ValidationError:
        return False
    return True


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))  # some editors put a mark before the text
    except FileNotFoundError:
        return {}
    except OSError as error:
        text = T("{file} cannot be read: {problem}.", file=file, problem=error.strerror or str(error))
        raise UserError(text, remedy=T("Make it a file that you may read, or remove it.")) from None
    except (ValueError, RecursionError) as error:  # no TOML, no text, a number or a list beyond all bounds
        text = T("{file}: not readable as TOML: {problem}.", file=file, problem=error)
        raise UserError(text, remedy=T("Mend the file, or delete it to begin anew.")) from None


def _checked(values: dict[str, Any], file: Path) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = min(error.errors(), key=lambda each: _line(file, str(each["loc"][0])))
        key = str(first["loc"][0])
        problem = _problem(first, dict(fields.problems(Settings, values)))
        where = T("{file}, line {line}: {problem}", file=file, line=_line(file, key), problem=problem)
        raise UserError(where, remedy=T("Mend the line, or delete it."), field=key) from None


def _problem(error: Any, said: dict[str, Text]) -> Text:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return T("there is no setting {key}; there are: {known}.", key=key, known=", ".join(Settings.model_fields))
    return T("{key} = {value}: {problem}", key=key, value=repr(error["input"]), problem=said.get(key, error["msg"]))


def _line(file: Path, key: str) -> int:
    """The line of a key, or of the table of that name; 0 where the value is not from the file."""
    opening = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = file.read_text("utf-8-sig").splitlines() if file.exists() else []
    return next((number for number, line in enumerate(lines, 1) if opening.match(line)), 0)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
