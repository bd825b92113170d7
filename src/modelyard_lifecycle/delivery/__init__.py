"""The four metrics of delivery: frequency, lead time, time to restore, change failure rate."""
