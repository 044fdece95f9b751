"""What a job makes for others and takes from others: artifacts, what is offered to choose from, cached files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from safetensors import SafetensorError

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.cache import Cache, files_in, put_whole, size_of
from workbench.jobs.report import Reporter
from workbench.jobs.spec import Spec
from workbench.params import Artifact, Reference
from workbench.registry import Registry, load_object
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.settings import absolute
from workbench.texts import T, Text


class Products:
    """The artifacts, choices and cached files of one job."""

    def __init__(self, spec: Spec, registry: Registry, report: Reporter) -> None:
        self._spec = spec
        self._registry = registry
        self._report = report
        self._workspace = Workspace(spec.workspace)
        self._inputs = spec.inputs

    def artifact(self, name: str, kind: str, write: Callable[[Path], object]) -> str:
        """See `Context.artifact`. Raises ValueError for a kind that no plugin declares."""
        if kind not in self._registry.kinds:
            raise ValueError(f"artifact {name!r}: no plugin declares the kind {kind!r}")
        step = self._report.step
        path = self._spec.folder / "artifacts" / f"{name.replace('/', '-')}-{step:09d}"
        put_whole(path, write)
        facts = {"name": name, "kind": kind, "path": path.name, "bytes": size_of(path), "sha256": digest_of(path)}
        self._report.keep("artifact", name, facts)
        return f"run:{self._spec.folder.name}/{name}@{step}"

    def load(self, reference: str, params: BaseModel) -> Any:
        """See `Context.load`. The run then links the one that it took the artifact from.

        Raises UserError for a run, artifact or file that is not there, for an unknown kind, and for another one than
        that of the parameter in `params` that holds the reference.
        """
        field, wanted = _parameter(params, reference)
        parsed = Reference.parse(reference)
        if parsed is None:
            return self._read(_file(reference, field, wanted), wanted, reference)
        folder = self._workspace.find(parsed.run)
        found = _find(Reader(folder), parsed, field)
        if wanted and found["kind"] != wanted:
            kind = found["kind"]
            text = T("{name} is a {kind}; a {wanted} is needed.", name=reference, kind=kind, wanted=wanted)
            raise UserError(text, field=field)
        path = folder / "artifacts" / found["path"]
        if not path.exists() or digest_of(path) != found["sha256"]:
            text = T("The artifact {name} is damaged: it is not what the run recorded.", name=reference)
            raise UserError(text, remedy=T("Make it again: repeat the run."), field=field)
        loaded = self._read(path, found["kind"], reference)
        if folder != self._spec.folder:
            self._report.recorder.add_link(folder.name, found["step"], "input")
        return loaded

    def _read(self, path: Path, kind: str, reference: str) -> Any:
        if kind not in self._registry.kinds:
            raise UserError(T("No plugin reads artifacts of the kind {kind}.", kind=kind))
        declared = self._registry.kinds[kind]
        try:
            return load_object(declared.package, declared.declaration.load)(path)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            text = T("{name} cannot be read as {kind}: {why}.", name=reference, kind=kind, why=error)
            raise UserError(text, remedy=T("Choose another artifact or file.")) from error

    def chosen(self, offer: Any) -> Any:
        """See `Context.chosen`."""
        declared = self._registry.offers[offer.kind]
        loaded = load_object(declared.package, declared.declaration.load)(offer, self._report)
        self._compare(json.dumps(fields.record(offer)), loaded.fingerprint, fields.title_of(type(offer)))
        self._report.recorder.set_facts(fingerprint=loaded.fingerprint, inputs=self._inputs)
        return loaded

    def _compare(self, chosen: str, fingerprint: str, title: Text) -> None:
        """Says so where the same was chosen before and was another thing."""
        if self._inputs.get(chosen, fingerprint) != fingerprint:
            text = T("{chosen}: it is not what the run was begun with.", chosen=title)
            self._report.notice(text, T("Put back the files as they were, or start a new run."))
        self._inputs = {**self._inputs, chosen: fingerprint}

    def cache(self, key: str, build: Callable[[Path], object]) -> Path:
        """See `Context.cache`."""
        return Cache(self._workspace.cache, self._spec.cache_gigabytes * 2**30).get(key, build)


def _parameter(params: BaseModel, reference: str) -> tuple[str, str]:
    """The field with this reference, and the kind of artifact that it takes; ("", "") where there is none."""
    for field in fields.walk(type(params)):
        marks = [each for each in field.info.metadata if isinstance(each, Artifact)]
        if marks and _value(params, field.path) == reference:
            return field.path, marks[0].kind
    return "", ""


def _value(params: BaseModel, path: str) -> Any:
    try:
        return fields.get(params, path)
    except AttributeError:
        return None  # of a member of a variant that is not chosen


def _file(reference: str, field: str, wanted: str) -> Path:
    """The file or folder that a path names."""
    path = absolute(Path(reference))
    if not wanted:
        raise UserError(T("{reference} names no run's artifact.", reference=reference))
    if not reference or not path.exists():
        text = T("{path} is neither a run's artifact nor a file.", path=reference or '""')
        raise UserError(text, remedy=T("Write run:ID/NAME, run:ID/NAME@STEP or a path."), field=field)
    return path


def _find(reader: Reader, wanted: Reference, field: str) -> dict[str, Any]:
    """The newest version of the artifact, or the newest not after the wanted step."""
    offered = reader.artifacts()
    reader.close()
    named = [each for each in offered if each["name"] == wanted.name]
    if not named:
        names = ", ".join(sorted({each["name"] for each in offered})) or "-"
        text = T("Run {run} has no artifact {name}; it has: {names}.", run=wanted.run, name=wanted.name, names=names)
        raise UserError(text, field=field)
    fitting = [each for each in named if wanted.step is None or each["step"] <= wanted.step]
    if not fitting:
        first = min(each["step"] for each in named)
        text = T("{name} of run {run} begins at step {first}.", name=wanted.name, run=wanted.run, first=first)
        raise UserError(text, field=field)
    return max(fitting, key=lambda each: int(each["step"]))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder with their names."""
    digest = hashlib.sha256()
    for each in files_in(path):
        digest.update(each.relative_to(path).as_posix().encode())
        with each.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
