"""Sort key by which the rows are split."""

import hashlib

import polars as pl

from ..schema.contract import Schema


def split_key(schema: Schema) -> pl.Expr:
    """Return the expression of the split key: the day of a row, or a hash of its key."""
    if schema.time:
        return pl.col(schema.time).dt.date()
    return pl.col(schema.key).map_elements(key_hash, pl.String)


def key_hash(key: str) -> str:
    """Return the hash of a key as hexadecimal digits, the same on every machine."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
