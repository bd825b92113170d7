"""Small tables, and drafts of them."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from modelyard_lifecycle.draft.draft import Draft, make_draft
from modelyard_lifecycle.draft.wish import Wish

TODAY = date(2026, 1, 31)
ROWS = 200
HEADER = (
    *("Kunden-Nr.", "Alter (Jahre)", "Einkommen in €", "Wohnort", "VIP?", "Bestelldatum"),
    *("Geburtstag", "Region", "leer", "Bemerkung", "PLZ", "Ausgang", "Wohnort", "target"),
)


def silent(_: str) -> None:
    """Show nothing."""


def draft_of(path: Path, target: str = "y", **options: Any) -> Draft:
    """Draft a file for a target."""
    return make_draft(path, Wish(target, **options), TODAY, silent)


def table(folder: Path, **columns: Any) -> Path:
    """Write columns to a Parquet file, with a target `y` that no column tells."""
    chance = random.Random(5)
    labels = {"y": [chance.choice("ab") for _ in range(ROWS)]}
    path = folder / "table.parquet"
    pl.DataFrame(columns | ({} if "y" in columns else labels), strict=False).write_parquet(path)
    return path


def csv(folder: Path, header: str, lines: list[str], encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    path = folder / "table.csv"
    path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return path


def customers(folder: Path) -> Path:
    """Write a CSV file as spreadsheets of some countries do, with everything that is odd."""
    chance, lines = random.Random(3), []
    for number in range(ROWS):
        age, vip = chance.randint(18, 80), chance.choice(["ja", "nein"])
        income = f"{chance.uniform(900, 9000):,.2f}".translate(str.maketrans(",.", ".,"))
        left = (age > 50) + (vip == "ja") + chance.random() > 1.4
        ordered = date(2023, 1, 1) + timedelta(days=number)
        born = date(1960 + number % 40, 1 + number % 12, 3)
        fields = [
            f"K{number:05d}", chance.choice([str(age)] * 9 + ["NA", "-"]), income,
            chance.choice(["Köln", "Bonn", "Ulm"]), vip, f"{ordered:%d.%m.%Y}",
            f"{born:%d.%m.%Y}" if number % 9 else "", "EU", "", f"Text {number} {number}",
            f"0{1000 + number}", "storno" if left else "ok", str(chance.randint(0, 9)),
            "ja" if left else "nein",
        ]  # fmt: skip
        lines.append(";".join(fields))
    path = folder / "Kunden 2023.csv"
    content = "\r\n".join([";".join(HEADER), *lines, ""])
    path.write_bytes(b"\xef\xbb\xbf" + content.encode())
    return path
