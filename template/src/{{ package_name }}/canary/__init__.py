"""A candidate beside the model in service: the last look before it takes over.

One contract, one mechanism per target. REST replays recorded requests, shadows, then shifts
traffic step by step; batch scores again what was published last; edge tests the bundle and says
which devices get it. Each ends with 0 (go), 20 (no go) or 1 (no verdict), and leaves
`reports/canary/TARGET.json` and `.md`.
"""
