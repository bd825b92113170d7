"""Find the conversion of a column: number, timestamp or text, by all of its values."""

import re

import polars as pl

from .columns import Form

TEXT = Form("text")
BOOLEAN = Form("boolean", '.str.to_lowercase().replace_strict({"true": True, "false": False})')
NUMBER = Form("number", ".cast(pl.Float64)")
COMMA = Form("number", r'.str.replace_all(r"\.", "").str.replace(",", ".").cast(pl.Float64)')
THOUSANDS = Form("number", '.str.replace_all(",", "").cast(pl.Float64)')
SIGNED = Form("number", r'.str.replace_all(r"[$€£%,\s]", "").cast(pl.Float64)')
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d %b %Y")
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S%.f")
ZONES = ("%Y-%m-%dT%H:%M:%S%#z", "%Y-%m-%d %H:%M:%S%#z", "%Y-%m-%dT%H:%M:%S%.f%#z")
COMPACT = "%Y%m%d"
NAMED_DATE = re.compile(r"date|datum|day|tag$|time|_at$|_on$")
TO_UTC = '.dt.convert_time_zone("UTC").dt.replace_time_zone(None)'
SECONDS = '.dt.truncate("1s")'
FEW_REST = 5  # different texts that may be markers of missing values in a column of numbers
REST_SHARE = 0.1
CODE = r"^0\d+$"  # a whole number with leading zeros is a code
PATTERNS = {
    NUMBER: r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$",
    COMMA: r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$",
    THOUSANDS: r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$",
    SIGNED: r"^[+-]?[$€£]?\s?[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s?[%€£$]?$",
}


def time_form(pattern: str) -> Form:
    """Return the conversion of a time; times with a zone become UTC."""
    read = f'.str.to_datetime("{pattern}")'
    zone, fraction = "z" in pattern, ".f" in pattern
    return Form("timestamp", read + TO_UTC * zone + SECONDS * fraction)


def as_text(form: Form) -> Form:
    """Return the conversion of booleans to texts; texts stay as they are."""
    return TEXT if form == BOOLEAN else Form("text", ".cast(pl.String)")


def typed_form(kind: pl.DataType) -> Form | None:
    """Return the conversion of a typed column; None for texts, and for what has no kind."""
    if kind.is_float():
        return Form("number", ".cast(pl.Float64).fill_nan(None)")
    if kind.is_numeric():
        return NUMBER
    if kind == pl.Boolean:
        return Form("boolean")
    if isinstance(kind, pl.Categorical | pl.Enum):
        return Form("text", ".cast(pl.String)")
    if isinstance(kind, pl.Datetime):
        return Form("timestamp", (TO_UTC if kind.time_zone else "") + SECONDS)
    return Form("timestamp", '.cast(pl.Datetime("us"))') if kind == pl.Date else None


def text_form(values: pl.Series, name: str, comma_first: bool) -> tuple[Form, list[str]]:
    """Return the conversion of the different texts of a column.

    Args:
        values: the texts, without missing ones, stripped.
        name: the column's name, by which dates such as 20240131 are known.
        comma_first: whether a comma is rather a decimal one, as in files without comma separators.

    Returns:
        The conversion, and the texts that it does not convert: markers of missing values.
    """
    if values.str.to_lowercase().is_in(["true", "false"]).all():
        return BOOLEAN, []
    if NAMED_DATE.search(name) and _is_compact(values):
        return time_form(COMPACT), []
    for form in _number_forms(values, comma_first):
        rest = values.filter(~values.str.contains(PATTERNS[form]))
        if len(rest) <= min(FEW_REST, REST_SHARE * len(values)):
            return form, rest.to_list()
    for pattern in _time_patterns(values):
        parsed = values.str.to_datetime(pattern, strict=False)
        rest = values.filter(parsed.is_null())
        if len(rest) <= min(FEW_REST, REST_SHARE * len(values)):
            return time_form(pattern), rest.to_list()
    return TEXT, []


def is_ambiguous(form: Form, values: pl.Series) -> bool:
    """Return whether dates that are read as day/month/year could be month/day/year as well."""
    pattern = form.code.partition('"')[2].partition('"')[0]
    if not pattern.startswith("%d/%m/"):
        return False
    dates = values.drop_nulls().unique()
    other = dates.str.to_datetime(pattern.replace("%d/%m/", "%m/%d/"), strict=False)
    fits = dates.str.to_datetime(pattern, strict=False).is_not_null()
    return bool(other.filter(fits).is_not_null().all())


def _is_compact(values: pl.Series) -> bool:
    if not values.str.contains(r"^(19|20)\d{6}$").all():
        return False
    return bool(values.str.to_datetime(COMPACT, strict=False).is_not_null().all())


def _number_forms(values: pl.Series, comma_first: bool) -> list[Form]:
    """Return the conversions to numbers to try, in order."""
    if values.str.contains(CODE).any():
        return []
    commas = [COMMA, THOUSANDS] if comma_first else [THOUSANDS, COMMA]
    has_comma = bool(values.str.contains(",", literal=True).any())
    return [NUMBER, *(commas if has_comma else []), SIGNED]


def _time_patterns(values: pl.Series) -> list[str]:
    """Return the formats of times that fit the first value, in order."""
    patterns = [*(f"{day}{clock}" for day in DATES for clock in CLOCKS), *ZONES]
    some = values.head(20)
    return [one for one in patterns if some.str.to_datetime(one, strict=False).is_not_null().any()]
