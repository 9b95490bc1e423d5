"""Benchmarks: the portal's own work as a ratio to the bare SQL of the same result, in one run."""
