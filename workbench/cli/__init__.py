"""The command line: `workbench COMMAND`. Each command is a module here, imported when it is called.

Without a command the window opens.

Exit status: 0 done, 1 the job failed, 2 wrong usage or parameters, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from gettext import gettext
from pathlib import Path
from typing import Any, Protocol, cast

import workbench
from workbench import blas, texts
from workbench.cli.log import log_to
from workbench.cli.session import Session, to_json, write
from workbench.cli.usage import Parser, speaking
from workbench.errors import UserError
from workbench.fields import ParameterError
from workbench.texts import T

log = logging.getLogger(__name__)
DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "run": T("run a tool's job and keep it"),
    "tools": T("list the tools found, and the plugins that failed"),
    "sweep": T("run a tool many times, with varied parameters"),
    "compare": T("metrics of runs side by side"),
    "experiment": T("put a statement to the test on this machine"),
    "runs": T("list the runs that are kept, or show one"),
    "label": T("give runs a name, a star, tags, a note"),
    "export": T("write a run's data to files, or the whole run as one"),
    "import": T("take in runs that somebody shared"),
    "plugin": T("enable or disable a plugin"),
    "screenshot": T("draw the window into a file"),
    "doctor": T("say what is found on this machine, what is wrong, what to do"),
}
_MODULES = {"import": "take"}
"""Where the module is not called as the command."""
WINDOW = "window"
"""The module that is called without a command."""


class Command(Protocol):
    """What each module of this package offers."""

    def arguments(self, parser: argparse.ArgumentParser, say: Any) -> None:
        """Declares the command's arguments; `say` translates."""

    def run(self, options: argparse.Namespace, session: Session) -> int:
        """Does it; returns the exit status. Raises UserError for wrong usage."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The program `workbench`; returns the exit status."""
    os.environ.update(blas.environment(os.environ))
    _open_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = _wished_language(given)
    try:
        with speaking(language):
            options = _parse(given, language)
        session = Session.of(options, lenient=options.command is None)
        language = session.language
        log_to(session.places.logs)
        status = _module(options.command or WINDOW).run(options, session)
        write(sys.stdout, "", flush=True)
        return status
    except UserError as error:
        _complain(error, language, as_json="--json" in given)
        return USAGE
    except OSError as error:
        if error.filename is None:
            raise
        log.exception("%s failed", given)
        _complain(_inaccessible(error), language, as_json="--json" in given)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        with suppress(UserError):
            write(sys.stdout, "", flush=True)


def _open_streams() -> None:
    """What is said to a stream that was closed before the program began goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def _parse(given: list[str], language: str) -> argparse.Namespace:
    def say(text: str) -> str:
        return texts.translate(text, language)

    title = say(T("Read about a model, open it, and see it happen on your own machine."))
    parser = Parser("workbench", description=title, parents=[_everywhere(say)])
    parser.set_defaults(workspace="", profile="", lang=None, safe_mode=False)
    version = f"%(prog)s {workbench.__version__}"
    parser.add_argument("--version", action="version", version=version, help=say(T("show the version and exit")))
    everywhere = _everywhere(say)  # another one: the defaults above are the first one's
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, text in COMMANDS.items():
        sub = commands.add_parser(name, help=say(text), description=say(text), parents=[everywhere])
        if name in given:
            _module(name).arguments(sub, say)
    options, rest = parser.parse_known_args(given)
    if rest and hasattr(options, "set") and rest[0].startswith("--"):
        name = rest[0].lstrip("-").partition("=")[0]
        hint = T("`--set {name}=…` sets a parameter.", name=name)
        raise UserError(T("There is no option {option}.", option=rest[0]), remedy=hint)
    if rest:
        parser.error(gettext("unrecognized arguments: %s") % " ".join(rest))
    return options


def _everywhere(say: Any) -> Parser:
    """Options that may stand before the command and after it; one that is not given sets nothing."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group(say(T("everywhere")))
    group.add_argument("--workspace", metavar="DIR", help=say(T("the folder of the runs")))
    group.add_argument("--profile", metavar="NAME", help=say(T("settings and plugins of their own")))
    group.add_argument("--lang", choices=tuple(texts.LANGUAGES), help=say(T("the language of texts")))
    group.add_argument(
        "--safe-mode", action="store_true", default=argparse.SUPPRESS, help=say(T("only the built-in plugins"))
    )
    return common


def _module(name: str) -> Command:
    return cast(Command, importlib.import_module(f"workbench.cli.{_MODULES.get(name, name)}"))


def _wished_language(given: Sequence[str]) -> str:
    """The language before the arguments are parsed, so that an error in them speaks it too."""
    for index, each in enumerate(given):
        if each == "--lang" and index + 1 < len(given):
            return texts.choose(given[index + 1])
        if each.startswith("--lang="):
            return texts.choose(each.removeprefix("--lang="))
    return texts.choose()


def _inaccessible(error: OSError) -> UserError:
    """A path that the system refuses, and that nobody nearer has said more of."""
    text = T("{path} cannot be used: {why}.", path=error.filename, why=error.strerror or str(error))
    return UserError(text, remedy=T("Name another place, or make this one accessible."))


def _complain(error: UserError, language: str, as_json: bool) -> None:
    """One clear line on standard error; with --json also an object on standard output."""
    said = {key: texts.translate(getattr(error, key), language) for key in ("text", "remedy")}
    if isinstance(error, ParameterError):
        all_of_it = (T("{field}: {problem}", field=field or "params", problem=text) for field, text in error.problems)
        said["text"] = " ".join(texts.translate(each, language) for each in all_of_it)
    write(sys.stderr, "workbench: " + " ".join(filter(None, said.values())) + "\n", flush=True)
    if as_json:
        found = {"type": type(error).__name__, **said, "field": error.field, "log": ""}
        whole = {"run_id": None, "status": "failed", "error": found}
        with suppress(UserError):
            write(sys.stdout, to_json(whole) + "\n")
