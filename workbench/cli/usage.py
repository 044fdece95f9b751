"""argparse, speaking the person's language: its errors are UserErrors, and its texts come from our catalogue."""

from __future__ import annotations

import argparse
import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from workbench import texts
from workbench.errors import UserError
from workbench.texts import T

ARGPARSE = (
    T("usage: "), T("options"), T("positional arguments"), T("show this help message and exit"),
    T("argument %(argument_name)s: %(message)s"), T("ambiguous option: %(option)s could match %(matches)s"),
    T("expected at least one argument"), T("expected one argument"), T("ignored explicit argument %r"),
    T("invalid choice: %(value)r (choose from %(choices)s)"), T("not allowed with argument %s"),
    T("the following arguments are required: %s"), T("unrecognized arguments: %s"),
)  # fmt: skip
"""The texts of argparse that a person can meet; they stand here so that the catalogue keeps them."""


class Parser(argparse.ArgumentParser):
    """Errors of usage become UserErrors, and so one line like all others."""

    def error(self, message: str) -> NoReturn:
        raise UserError(message.rstrip(".") + ".", remedy=T("See `{command} --help`.", command=self.prog))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, argparse finds its texts in our catalogue: it looks them up with the standard library's gettext."""
    domain, languages = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(texts.HOST, str(texts.folder(texts.HOST)))
    gettext.textdomain(texts.HOST)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if languages is not None:
            os.environ["LANGUAGE"] = languages
