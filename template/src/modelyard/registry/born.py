"""What must hold before a model is registered: it is what the commit's pipeline made."""

from .entries import Manifest, Refused
from .git import ask
from .stages import stale

SHOWN = 3


def refuse_unclean() -> None:
    """Refuse to register anything that the commit does not hold.

    Raises:
        Refused: files are changed, or new and not ignored.
    """
    changed = ask("status", "--porcelain").decode().splitlines()
    if changed:
        names = ", ".join(line[3:] for line in changed[:SHOWN])
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise Refused(f"not committed: {names}{more}; git add and commit, then register")


def refuse_unmade() -> None:
    """Refuse a model that the commit's data, code and params would not make.

    Raises:
        Refused: a stage of the pipeline is not up to date.
        UserError: DVC cannot say.
    """
    behind = stale()
    if behind:
        raise Refused(f"not up to date: {', '.join(behind)}; run: uv run dvc repro, then commit")


def refuse_unfit(told: Manifest, report: str) -> None:
    """Refuse a model that the gate did not accept.

    Args:
        told: the release manifest.
        report: what `reports/gate.md` says.

    Raises:
        Refused: the newest candidate was refused, or the report is about another model.
    """
    if not told["gate"]["accepted"]:
        raise Refused(f"the gate: {told['gate']['verdict'] or 'no candidate was accepted'}")
    if told["model"]["version"] not in report.partition("\n")[0]:
        raise Refused(f"reports/gate.md is not about model {told['model']['version']}")
