"""The checks of the gate, one kind in each module."""
