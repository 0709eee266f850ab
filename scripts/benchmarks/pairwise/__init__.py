"""Pairs of pictures looked up in both directions, and what was told of them."""
