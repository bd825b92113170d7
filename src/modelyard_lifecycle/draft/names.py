"""Column names from the header of a source: snake_case, unique, not reserved."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from keyword import kwlist

from pydantic import BaseModel

from ..errors import UserError

LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o"})
SIGNS = str.maketrans({"%": " pct ", "€": " eur ", "$": " usd ", "°": " deg ", "#": " no "})
TAKEN = ("prediction", "predictions", "score", "scores", "model_version", "error", "group")
RESERVED = {*TAKEN, *kwlist, *dir(BaseModel)}
LONGEST = 60
LISTED = 20
DUPLICATE = re.compile(r"_duplicated_\d+$")  # how Polars names columns of the same header


def column_names(header: Iterable[str], target: str) -> dict[str, str]:
    """Return the column name of each header, in order.

    A name that answers or pydantic use gets the ending `_value`, duplicates get a number; a column
    called `target` becomes `outcome`, since the tests reserve that name.

    Args:
        header: the names in the source, unique.
        target: the one of the target.
    """
    names: dict[str, str] = {}
    for place, found in enumerate(header, start=1):
        plain = snake_case(DUPLICATE.sub("", found)) or f"column_{place}"
        if plain == "target":
            plain = "outcome" if found == target else "target_value"
        wanted = f"{plain}_value" if plain in RESERVED else plain
        number, name = 1, wanted
        while name in names.values():
            number += 1
            name = f"{wanted}_{number}"
        names[found] = name
    return names


def snake_case(text: str) -> str:
    """Return a text as lower-case ASCII letters, digits and underscores; may be empty."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text.translate(SIGNS)).lower()
    plain = unicodedata.normalize("NFKD", spaced.translate(LETTERS)).encode("ascii", "ignore")
    word = re.sub(r"[^a-z0-9]+", "_", plain.decode()).strip("_")[:LONGEST].rstrip("_")
    return f"n_{word}" if word[:1].isdigit() else word


def find_column(wanted: str, option: str, header: list[str]) -> str:
    """Return the header that an option names, as in the source or as a column name.

    Raises:
        UserError: there is none; the message lists the columns, and the most similar one.
    """
    alike = [name for name in header if name == wanted] or [
        name for name in header if snake_case(name) == snake_case(wanted) != ""
    ]
    if len(alike) == 1:
        return alike[0]
    more = f", … ({len(header)} columns)" if len(header) > LISTED else ""
    listed = ", ".join(header[:LISTED]) + more
    lower = {name.lower(): name for name in header}
    close = get_close_matches(wanted.lower(), lower, 1, 0.5)
    hint = f"; did you mean {lower[close[0]]}?" if close else ""
    raise UserError(f"{option} is {wanted!r}, the columns are {listed}{hint}")
