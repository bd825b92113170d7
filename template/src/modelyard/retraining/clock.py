"""The day in `params.yaml`, changed in place: comments and all else stay as they are."""

import re
from datetime import date
from pathlib import Path

from ..console import UserError
from ..files import write_bytes
from ..params import read_params

LINE = re.compile(r"(?m)(^data:[^\n]*\n(?:(?:[ \t#][^\n]*)?\n)*?[ \t]+as_of:[ \t]*)([^\s#]+)")
PARAMS = Path("params.yaml")


def set_day(day: date, path: Path = PARAMS) -> None:
    """Let rows from before a day be known.

    Raises:
        UserError: the file does not say `data.as_of` in a line of its own; it is left as it was.
    """
    before = path.read_bytes()
    text, count = LINE.subn(rf"\g<1>'{day}'", before.decode())
    if count == 1:
        write_bytes(path, text.encode())
        if read_params(path).data.as_of == day:
            return
        write_bytes(path, before)
    raise UserError(f"{path}: write data.as_of as a line of its own, such as as_of: '{day}'")
