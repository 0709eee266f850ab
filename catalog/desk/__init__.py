"""The photo desk: a page and a JSON API over one catalog."""
