"""Unattended retraining: reasons, ledger of runs, atomic run."""
