"""The world that these pages show."""

from web.worlds import executing, sign_in, world

__all__ = ["executing", "sign_in", "world"]
