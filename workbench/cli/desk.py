"""The desk of a call of the command line: tools, workspace and settings, for whatever starts jobs."""

from __future__ import annotations

from workbench.cli.session import Session
from workbench.jobs.start import Desk
from workbench.runs.workspace import Workspace


def desk_of(session: Session, at_once: int = 1) -> Desk:
    """What starting jobs needs. at_once: how many will share the cores."""
    workspace = Workspace(session.settings.workspace)
    return Desk(session.registry, workspace, session.settings, session.profile, session.safe_mode, at_once)
