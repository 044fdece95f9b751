"""Devices, what is done aside, and what a checkpoint holds. Worker and jobs use this module by name.

A checkpoint is a folder: `tensors.safetensors` and `state.json`, which holds everything else and refers to the
tensors by number. Nothing is pickled, so nothing that is loaded can run code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from workbench.errors import UserError
from workbench.ml import randomness
from workbench.texts import T

FORMAT = 1
TENSORS, STATE = "tensors.safetensors", "state.json"
_OTHER_SHAPE = T(
    "A parameter on which shapes depend cannot differ from those of the checkpoint's run: start a new run with it."
)


# ------------------------------------------------------------------------------- device, seeds


def choose_device(wish: str) -> str:
    """The torch device for `wish`; "auto" is the first GPU, else the CPU. Raises UserError for one not there."""
    if wish == "auto":
        return "cuda:0" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=wish)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UserError(
            T("This machine offers no device {device}.", device=wish),
            remedy=T("Use cpu, or see what `workbench doctor` finds. ({why})", why=str(error).splitlines()[0]),
            field="device",
        ) from error
    return wish


def prepare(threads: int) -> None:
    """Fixes the number of threads, and kernels that give the same result each time."""
    torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True


def fetch(scalars: Sequence[Tensor]) -> list[float]:
    """The values of many 0-d tensors of one device with one transfer."""
    values: list[float] = torch.stack([each.detach().double() for each in scalars]).tolist()
    return values


# ------------------------------------------------------------------------------- aside


class Aside:
    """Afterwards the global random states, and the modules' modes and buffers, are as before.

    Every frame that a job shows needs it, with caches full of the job's step: as few calls as can be.
    """

    def __init__(self, *modules: nn.Module) -> None:
        self._modules = modules

    def __enter__(self) -> None:
        self._inside = _inside(self._modules)
        self._modes = [each.training for each in self._inside]
        self._held = [(each, dict(each._buffers)) for each in self._inside if each._buffers]
        self._buffers = [each for _, held in self._held for each in held.values() if each is not None]
        self._copies = [each.clone() for each in self._buffers]
        self._restore = randomness.kept()

    def __exit__(self, *_: object) -> None:
        for module, mode in zip(self._inside, self._modes, strict=True):
            if module.training is not mode:  # assigning to a module takes a while
                module.training = mode
        for module, held in self._held:
            module._buffers.update(held)  # some modules assign theirs anew
        if self._buffers:
            with torch.no_grad():
                torch._foreach_copy_(self._buffers, self._copies)
        self._restore()


def _inside(modules: Iterable[nn.Module]) -> list[nn.Module]:
    """Modules and all in them, one that stands in several places several times; `nn.Module.modules` makes their names
    too."""
    found = [*modules]
    for each in found:  # it grows
        if each._modules:
            found += [child for child in each._modules.values() if child is not None]
    return found


# ---------------------------------------------------------------------------------- checkpoints


def save(folder: Path, tracked: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Writes a checkpoint of `tracked` (see `Context.track`) and of the global random states into a new folder.

    facts: plain JSON, kept beside it. Raises TypeError for something whose state is not made of tensors and JSON.
    """
    tensors: dict[str, Tensor] = {}
    state = {name: _state_of(each) for name, each in tracked.items()}
    tree = _pack({"tracked": state, "random": randomness.states()}, tensors)
    folder.mkdir(parents=True)
    save_file(tensors, folder / TENSORS)
    found = {"format": FORMAT, "sha256": _sha256(folder / TENSORS), "facts": dict(facts), "tree": tree}
    (folder / STATE).write_text(json.dumps(found), encoding="utf-8")


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


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        found = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if _sha256(folder / TENSORS) != found["sha256"]:
            raise ValueError(f"{TENSORS} does not match its checksum")
        return found, load_file(folder / TENSORS)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise UserError(
            T("Checkpoint {path} is damaged: {why}.", path=folder, why=str(error)),
            remedy=T("Resume from an earlier one: `--resume RUN@STEP`; `workbench runs RUN` lists them."),
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state_of(each: Any) -> Any:
    if isinstance(each, Tensor | np.ndarray):
        return torch.as_tensor(each)
    if hasattr(each, "state_dict"):
        return each.state_dict()
    return each.get_state()


def _restore(name: str, each: Any, state: Any) -> None:
    if isinstance(each, Tensor):
        with torch.no_grad():
            each.copy_(state)
    elif isinstance(each, np.ndarray):
        each[...] = state.numpy()
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
    for path in ours.keys() & theirs.keys():
        if ours[path] != theirs[path]:
            text = T("{name} has the shape {theirs} in the checkpoint and {ours} here.",
                     name=path, theirs=theirs[path], ours=ours[path])  # fmt: skip
            raise UserError(text, remedy=_OTHER_SHAPE)


def _shapes(path: str, state: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The shape of every tensor in a state, by dotted path."""
    if isinstance(state, Tensor | np.ndarray):
        yield path, tuple(state.shape)
    elif isinstance(state, Mapping):
        for name, each in state.items():
            yield from _shapes(f"{path}.{name}", each)
    elif isinstance(state, list | tuple):
        for number, each in enumerate(state):
            yield from _shapes(f"{path}.{number}", each)


def _pack(value: Any, tensors: dict[str, Tensor]) -> Any:
    """A state as JSON, its tensors put aside: every type that JSON would lose is tagged."""
    if isinstance(value, Tensor):
        key = str(len(tensors))
        tensors[key] = value.detach().to("cpu", copy=True).contiguous()
        return {"$tensor": key}
    if isinstance(value, np.ndarray):
        return {"$array": _pack(torch.from_numpy(np.ascontiguousarray(value)), tensors)}
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


def _unpack(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_unpack(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    ((tag, inside),) = value.items()
    if tag == "$tensor":
        return tensors[inside]
    if tag == "$array":
        return _unpack(inside, tensors).numpy()
    if tag == "$tuple":
        return tuple(_unpack(each, tensors) for each in inside)
    return {_unpack(k, tensors): _unpack(v, tensors) for k, v in inside}
