"""What a person has set once for all: a small TOML file, and the places where the program keeps its things."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs
import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from workbench.errors import UserError
from workbench.texts import T, Text

APP = "kexue-workbench"
WORKSPACE = "WORKBENCH_WORKSPACE"
"""The environment variable that names the workspace; it goes before the settings."""


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

    language: Literal["", "en", "zh_CN"] = Field("", description="Language of texts; empty: as the system's.")
    frame_rate: float = Field(30.0, ge=1, le=240, description="Frames a second that panels draw at most.")
    theme: Literal["auto", "light", "dark"] = Field("auto", description="Colours of the window.")
    workspace: Path = Field(Path("~/Workbench"), description="Folder of the runs.", validate_default=True)
    disabled_plugins: tuple[str, ...] = Field((), description="Plugins, by name, that are not loaded.")
    cpu_slots: int = Field(2, ge=1, description="Jobs that run at once on the processor.")
    gpu_slots: int = Field(1, ge=1, description="Jobs that run at once on each GPU.")
    threads: int = Field(0, ge=0, description="Torch threads of a job; 0: cores divided by running jobs.")
    device: str = Field("auto", pattern=r"auto|cpu|mps|cuda(:\d+)?", description="Where jobs compute.")
    grace_seconds: float = Field(10.0, gt=0, description="How long a job may take to stop before it is killed.")
    memory_gigabytes: float = Field(0.0, ge=0, description="Most memory a job may take (Linux); 0: no limit.")
    guard: Literal["off", "stop", "lower"] = Field("stop", description="What happens to a job that diverges.")
    checkpoint_seconds: float = Field(60.0, gt=0, description="Time between two checkpoints of a job.")
    cache_gigabytes: float = Field(5.0, gt=0, description="Most that decoded data sets may take in the workspace.")

    @field_validator("workspace")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        """So that it means the same wherever the program is started."""
        return path.expanduser().absolute()


def load(places: Places) -> Settings:
    """The settings of `places`, defaults where there is no file; WORKBENCH_WORKSPACE goes before the file.

    Raises UserError, naming file and line, for broken TOML, an unknown key and a wrong value.
    """
    values = _read(places.settings_file)
    override = os.environ.get(WORKSPACE)
    return _checked({**values, "workspace": override} if override else values, places.settings_file)


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


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        text = T("{file}: not readable as TOML: {problem}", file=file, problem=error)
        raise UserError(text, remedy=T("Mend the file, or delete it to begin anew.")) from None


def _checked(values: dict[str, Any], file: Path) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        where = T("{file}, line {line}: {problem}", file=file, line=_line(file, key), problem=_problem(first))
        raise UserError(where, remedy=T("Mend the line, or delete it."), field=key) from None


def _problem(error: Any) -> Text:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return T("there is no setting {key}; there are: {known}.", key=key, known=", ".join(Settings.model_fields))
    return T("{key} = {value}: {problem}", key=key, value=repr(error["input"]), problem=error["msg"])


def _line(file: Path, key: str) -> int:
    """The line of a key, or of the table of that name; 0 where the value is not from the file."""
    opening = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
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
