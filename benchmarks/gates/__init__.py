"""Error rates of the gate: false vetoes, and worse models that it accepts."""
