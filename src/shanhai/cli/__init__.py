"""Commands: one module each, see `main`."""
