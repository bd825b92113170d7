"""Schema of a row: columns, target, slices."""
