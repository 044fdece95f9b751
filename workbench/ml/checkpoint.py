"""What a checkpoint holds. Jobs use this module by name; it needs torch only for what is torch's.

A checkpoint is a folder: `tensors.safetensors` and `state.json`, which holds everything else and refers to the
tensors by number. Nothing is pickled, so nothing that is loaded can run code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError

from workbench.errors import UserError
from workbench.ml import randomness
from workbench.texts import T

FORMAT = 1
TENSORS, STATE = "tensors.safetensors", "state.json"
_NUMBERS, _BYTES = "biufc", 8
"""Kinds of arrays that hold numbers, and the size of the largest."""
_OTHER_SHAPE = T(
    "A parameter on which shapes depend cannot differ from those of the checkpoint's run: start a new run with it."
)


def save(folder: Path, tracked: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Writes a checkpoint of `tracked` (see `Context.track`) and of the global random states into a new folder.

    facts: plain JSON, kept beside it. Raises TypeError for something whose state is not made of tensors and JSON.
    """
    tensors: dict[str, Any] = {}
    state = {name: _state_of(each) for name, each in tracked.items()}
    tree = _pack({"tracked": state, "random": randomness.states()}, tensors)
    folder.mkdir(parents=True)
    torches = _write(tensors, folder / TENSORS)
    found = {
        "format": FORMAT,
        "torch": torches,
        "sha256": _sha256(folder / TENSORS),
        "facts": dict(facts),
        "tree": tree,
    }
    (folder / STATE).write_text(json.dumps(found), encoding="utf-8")


def _write(tensors: Mapping[str, Any], path: Path) -> bool:
    """Whether torch is needed to read them: numpy has not all of its types."""
    torches = any(map(_is_tensor, tensors.values()))
    if torches:
        tensors = {name: randomness.loaded().as_tensor(each) for name, each in tensors.items()}
    _files(torches).save_file(tensors, path)
    return torches


def _files(torches: bool) -> Any:
    """The part of safetensors that reads and writes torch's tensors, or numpy's arrays."""
    return import_module("safetensors.torch" if torches else "safetensors.numpy")


def load(folder: Path, tracked: Mapping[str, Any]) -> dict[str, Any]:
    """Puts a checkpoint back into `tracked` and the global random states; returns its facts.

    Raises UserError for a checkpoint that is damaged, a pickle, of other things than those tracked, or of things of
    other shapes; before anything is changed.
    """
    found, tensors = _read(folder)
    tree = _unpack(found["tree"], tensors)
    if set(tree["tracked"]) != set(tracked):
        theirs, ours = ", ".join(sorted(tree["tracked"])), ", ".join(sorted(tracked))
        raise UserError(
            T("Checkpoint {path} holds {theirs}; the tool tracks {ours}.", path=folder, theirs=theirs, ours=ours)
        )
    for name, each in tracked.items():
        _fit(name, each, tree["tracked"][name])
    for name, each in tracked.items():
        _restore(name, each, tree["tracked"][name])
    randomness.set_states(tree["random"])
    facts: dict[str, Any] = found["facts"]
    return facts


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        found = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if _sha256(folder / TENSORS) != found["sha256"]:
            raise ValueError(f"{TENSORS} does not match its checksum")
        return found, _files(found.get("torch", True)).load_file(folder / TENSORS)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise UserError(
            T("Checkpoint {path} is damaged: {why}.", path=folder, why=str(error)),
            remedy=T("Resume from an earlier one: `--resume RUN@STEP`; `workbench runs RUN` lists them."),
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state_of(each: Any) -> Any:
    if _is_array(each):
        return each
    if hasattr(each, "state_dict"):
        return each.state_dict()
    return each.get_state()


def _restore(name: str, each: Any, state: Any) -> None:
    if _is_tensor(each):
        with randomness.loaded().no_grad():
            each.copy_(state)
    elif isinstance(each, np.ndarray):
        each[...] = np.asarray(state)
    elif hasattr(each, "load_state_dict"):
        try:
            each.load_state_dict(state)
        except (RuntimeError, ValueError, KeyError) as error:
            why = " ".join(str(error).split()).rstrip(".")
            raise UserError(
                T("{name} cannot take what the checkpoint holds of it: {why}.", name=name, why=why), remedy=_OTHER_SHAPE
            ) from error
    else:
        each.set_state(state)


def _fit(name: str, each: Any, state: Any) -> None:
    """Raises UserError where a tensor of the checkpoint has another shape than ours of the same name."""
    ours, theirs = dict(_shapes(name, _state_of(each))), dict(_shapes(name, state))
    if _is_torchs(each, "Generator") and ours != theirs:
        raise UserError(
            T("{name} drew its random numbers on another device than here.", name=name),
            remedy=T("Go on with the run on the device on which it was computed, or start a new one."),
        )
    for path in ours.keys() & theirs.keys():
        if ours[path] != theirs[path]:
            text = T("{name} has the shape {theirs} in the checkpoint and {ours} here.",
                     name=path, theirs=theirs[path], ours=ours[path])  # fmt: skip
            raise UserError(text, remedy=_OTHER_SHAPE)


def _shapes(path: str, state: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The shape of every tensor in a state, by dotted path."""
    if _is_array(state):
        yield path, tuple(state.shape)
    elif isinstance(state, Mapping):
        for name, each in state.items():
            yield from _shapes(f"{path}.{name}", each)
    elif isinstance(state, list | tuple):
        for number, each in enumerate(state):
            yield from _shapes(f"{path}.{number}", each)


def _pack(value: Any, tensors: dict[str, Any]) -> Any:
    """A state as JSON, its tensors put aside: every type that JSON would lose is tagged."""
    if _is_array(value):
        key = str(len(tensors))
        tensors[key] = _copied(value)
        return {"$tensor": key} if _is_tensor(value) else {"$array": {"$tensor": key}}
    if isinstance(value, Mapping):
        return {"$dict": [[_pack(k, tensors), _pack(v, tensors)] for k, v in value.items()]}
    if isinstance(value, tuple):
        return {"$tuple": [_pack(each, tensors) for each in value]}
    if isinstance(value, list):
        return [_pack(each, tensors) for each in value]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a checkpoint cannot keep a {type(value).__name__}")


def _unpack(value: Any, tensors: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_unpack(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    ((tag, inside),) = value.items()
    if tag == "$tensor":
        return tensors[inside]
    if tag == "$array":
        return np.asarray(_unpack(inside, tensors))
    if tag == "$tuple":
        return tuple(_unpack(each, tensors) for each in inside)
    return {_unpack(k, tensors): _unpack(v, tensors) for k, v in inside}


def _copied(value: Any) -> Any:
    """A copy in the main memory, its elements in order. Raises TypeError for what safetensors does not hold: an array
    of other things than numbers, or of numbers of more than eight bytes.
    """
    tensor = _is_tensor(value)
    if value.dtype.itemsize > _BYTES or not (tensor or value.dtype.kind in _NUMBERS):
        raise TypeError(f"a checkpoint cannot keep an array of {value.dtype}")
    if tensor:
        return value.detach().to("cpu", copy=True).contiguous()
    return np.array(value, value.dtype.newbyteorder("="), order="C")


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or _is_tensor(value)


def _is_tensor(value: Any) -> bool:
    return _is_torchs(value, "Tensor")


def _is_torchs(value: Any, name: str) -> bool:
    """Whether it is of this class of torch's: without torch there is none."""
    torch = randomness.loaded()
    return torch is not None and isinstance(value, getattr(torch, name))
