"""Keep, compare and show what was brought in."""
