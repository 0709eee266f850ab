"""Benchmarks: what the scripts beside this folder run."""
