"""Commands for who keeps a catalog: how it is, whether it is whole, and what it is made ready with."""
