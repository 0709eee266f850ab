"""Bring pictures in: read sources, find references, download, decode, fingerprint."""
