"""Where a row stands in the order by which rows are parted."""

import hashlib

import polars as pl

from ..schema.contract import Schema


def place(schema: Schema) -> pl.Expr:
    """Say where in the order a row stands: its day, or a hash of its key."""
    if schema.time:
        return pl.col(schema.time).dt.date()
    return pl.col(schema.key).map_elements(key_hash, pl.String)


def key_hash(key: str) -> str:
    """Hash a key to hexadecimal digits, the same on every machine."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
