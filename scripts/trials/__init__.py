"""Trials: what `scripts/trial` runs to break things."""
