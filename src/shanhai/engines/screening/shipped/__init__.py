"""Rule sets that come with the package: `monitoring` (R01–R20, the asset indicator, categories T1–T3)."""

from importlib.resources import files

NAMES = ("monitoring",)


def shipped(name: str) -> str:
    """Return the text of a shipped rule file, TOML.

    Raises:
        FileNotFoundError: There is none of that name.
    """
    return files(__name__).joinpath(f"{name}.toml").read_text("utf-8")
