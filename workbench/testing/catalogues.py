"""Catalogues of translations: `python -m workbench.testing.catalogues` brings them up to date, `--check` checks them.

A text is found where it is marked (`T("…")`, and plain first arguments and remedies of `UserError` and `notice`) and
where it is declared (titles, descriptions, helps). Each lies in the catalogue in which it is looked up: the host's in
`resources/locale`, a plugin's in its package. Translators edit the .po; the .mo is made from it.
"""

from __future__ import annotations

import argparse
import ast
import string
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

import workbench
from workbench import texts
from workbench.discovery import discover
from workbench.registry import Registry
from workbench.settings import Places, Settings
from workbench.testing.declared import declared_texts

ROOT = Path(__file__).parents[2]
LANGUAGES = [language for language in texts.LANGUAGES if language != "en"]
MARKS = frozenset({"T"})
ALSO = frozenset({"UserError", "notice"})
"""Calls whose plain texts are looked up in the host's catalogue without being marked."""

Place = str
Found = dict[str, set[Place]]


@dataclass
class Texts:
    """What was found: by catalogue, each text and the files where it stands; and what cannot be translated."""

    found: defaultdict[str, Found] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    faults: list[str] = field(default_factory=list)

    def add(self, domain: str, text: str, place: Place) -> None:
        """Takes a text; the empty one is none."""
        if text:
            self.found[domain][text].add(place)


# ------------------------------------------------------------------------------------- finding


def collect(registry: Registry, root: Path = ROOT) -> Texts:
    """All texts of the host and of the plugins in `root`."""
    result = Texts()
    for domain, folder in packages(root).items():
        for file in sorted(folder.rglob("*.py")):
            read(result, domain, file, file.relative_to(root).as_posix())
    for domain, text in declared_texts(registry):
        if domain in packages(root):
            result.add(domain, text, f"declarations of {domain}")
    return result


def packages(root: Path = ROOT) -> dict[str, Path]:
    """The packages with texts, by catalogue."""
    plugins = {file.parent.name: file.parent for file in sorted(root.glob("plugins/*/__init__.py"))}
    return {texts.HOST: root / "workbench", **plugins}


def read(result: Texts, domain: str, file: Path, place: Place) -> None:
    """Takes the marked texts of a source file."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"), file.name)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in MARKS and isinstance(call.func, ast.Name):
            _take(result, domain, call.args[:1], f"{place}:{call.lineno}", strict=True)
        elif name in ALSO:
            remedies = [keyword.value for keyword in call.keywords if keyword.arg == "remedy"]
            plain = [*call.args[:2], *remedies]
            if domain == texts.HOST:
                _take(result, domain, plain, f"{place}:{call.lineno}", strict=False)
            elif any(_literals(each) for each in plain):
                result.faults.append(f'{place}:{call.lineno}: mark the text: T("…")')


def _take(result: Texts, domain: str, arguments: Iterable[ast.expr], place: Place, strict: bool) -> None:
    for argument in arguments:
        literals = _literals(argument)
        for each in literals:
            result.add(domain, each, place.rpartition(":")[0])
        if strict and not literals and isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call):
            result.faults.append(f"{place}: a marked text must be written out; values go in by name")


def _literals(node: ast.expr) -> list[str]:
    """The texts that an expression is: a literal, or the two ways of a condition."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


# ------------------------------------------------------------------------------------- files


def po_file(domain: str, language: str, root: Path = ROOT) -> Path:
    """The catalogue that people edit."""
    base = root / "resources" / "locale" if domain == texts.HOST else packages(root)[domain] / "locale"
    return base / language / "LC_MESSAGES" / f"{domain}.po"


def load(file: Path, language: str) -> Catalog:
    """A catalogue; an empty one where there is no file."""
    if not file.exists():
        return Catalog(language, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, language)


def update(domain: str, found: Found, language: str, root: Path = ROOT) -> None:
    """Writes the .po with exactly the texts found, what was translated kept, and the .mo made from it."""
    file = po_file(domain, language, root)
    old = load(file, language)
    when = datetime(2026, 1, 1, tzinfo=UTC)  # a date that changed with every call would change every file
    new = Catalog(
        language, project="kexue-workbench", header_comment=f"# {domain}: {texts.LANGUAGES[language]}",
        creation_date=when, revision_date=when, version=workbench.__version__, copyright_holder="Workbench",
        msgid_bugs_address="-", last_translator="Workbench", language_team=language, fuzzy=False,
    )  # fmt: skip
    for text in sorted(found):
        kept = old.get(text)
        new.add(text, kept.string if kept and not kept.fuzzy else "", [(place, 0) for place in sorted(found[text])])
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, new, width=120, include_lineno=False)
    with file.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, new)


# ------------------------------------------------------------------------------------- checking


def check(domain: str, found: Found, language: str, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with a catalogue: missing, stale, fuzzy, other placeholders, an old .mo."""
    file = po_file(domain, language, root)
    catalogue = load(file, language)
    where = file.relative_to(root).as_posix()
    for text in sorted(found):
        message = catalogue.get(text)
        if message is None or not message.string:
            yield f"{where}: not translated: {text!r}"
        elif message.fuzzy:
            yield f"{where}: fuzzy: {text!r}"
        elif placeholders(text) != placeholders(str(message.string)):
            yield f"{where}: other values in the translation: {text!r}"
    for message in catalogue:
        if message.id and message.id not in found:
            yield f"{where}: stale: {message.id!r}"
    if compiled(file.with_suffix(".mo")) != {m.id: m.string for m in catalogue if m.id and m.string}:
        yield f"{where}: the .mo was not made from it"


def placeholders(text: str) -> set[str]:
    """The names of the values in a text; a text that is no format has none."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def compiled(file: Path) -> dict[object, object]:
    """The texts of a .mo and their translations; none where there is no file."""
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return {message.id: message.string for message in read_mo(stream) if message.id}


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; exit status 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m workbench.testing.catalogues", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    options = parser.parse_args(arguments)
    registry = discover(Places.of("no-profile-of-this-name"), Settings())
    result = collect(registry)
    faults = [*result.faults, *_not_installed(registry)]
    for domain in packages():
        for language in LANGUAGES:
            if not options.check:
                update(domain, result.found[domain], language)
            faults.extend(check(domain, result.found[domain], language))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


def _not_installed(registry: Registry) -> Iterator[str]:
    known = {plugin.package for plugin in registry.plugins}
    for package in packages():
        if package != texts.HOST and package not in known:
            yield f"{package} is not installed, so its declarations were not read: pip install -e ."


if __name__ == "__main__":
    sys.exit(main())
