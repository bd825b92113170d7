"""A mistake in `schema.py`, which every command imports: where and what, without a traceback."""

import inspect
import linecache
import sys
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

SCHEMA = Path(__file__).with_name("schema.py")


def show(kind: type[BaseException], mistake: BaseException, trace: TracebackType | None) -> None:
    """Print what ends a command; takes the place of `sys.excepthook`."""
    said = told(mistake, trace)
    if isinstance(mistake, KeyboardInterrupt):
        print("stopped", file=sys.stderr)
    elif said is None:
        sys.__excepthook__(kind, mistake, trace)
    else:
        print(f"error: {said}", file=sys.stderr)


def told(mistake: BaseException, trace: TracebackType | None) -> str | None:
    """Say in which line of `schema.py` the mistake is, and what is allowed there.

    Returns:
        None for a mistake that was made elsewhere.
    """
    if isinstance(mistake, SyntaxError):
        own = Path(mistake.filename or "") == SCHEMA
        return in_line(mistake.lineno or 0, mistake.msg) if own else None
    if isinstance(mistake, ImportError) and mistake.path == str(SCHEMA):
        return f"schema.py: {mistake.msg.partition(' from ')[0]}; a schema must be named SCHEMA"
    frame, line = importing(trace)
    if frame is None:
        return None
    if str(mistake).startswith("schema.py: "):
        return str(mistake)
    kinds = {name: of for name, of in frame.f_globals.items() if inspect.isclass(of)}
    return in_line(line, str(mistake)) + "\n" + allowed(linecache.getline(str(SCHEMA), line), kinds)


def importing(trace: TracebackType | None) -> tuple[FrameType | None, int]:
    """Find the import of `schema.py` in a trace, and its line; no frame if it is not there."""
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name == "<module>" and Path(code.co_filename) == SCHEMA:
            return trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    return None, 0


def in_line(line: int, what: str) -> str:
    """Say what is wrong, and show the line."""
    return f"schema.py, line {line}: {what}\n  {linecache.getline(str(SCHEMA), line).strip()}"


def allowed(text: str, kinds: dict[str, Any]) -> str:
    """Say which words the kinds in a line take; if it has none, which kinds there are."""
    named = [kind for name, kind in kinds.items() if f"{name}(" in text]
    if not named:
        return f"allowed are {', '.join(sorted(kinds))}"
    bare = inspect.Signature.empty
    shown = [
        f"{kind.__name__}{inspect.signature(kind).replace(return_annotation=bare)}"
        for kind in named
    ]
    return f"allowed is {', '.join(shown)}"
