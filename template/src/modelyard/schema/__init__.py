"""What a row is: columns, target, slices."""
