"""How often the gate vetoes a model that is good, and misses one that is not."""
