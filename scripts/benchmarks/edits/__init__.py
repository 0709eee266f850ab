"""Edits that a newsroom meets: made from photographs, and drawn, with what is true of each."""
