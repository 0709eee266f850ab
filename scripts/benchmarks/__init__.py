"""Benchmarks: what `scripts/bench` runs to measure things."""
