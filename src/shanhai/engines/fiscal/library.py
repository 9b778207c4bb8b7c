"""The schemes that ship, and the data they can be tried on."""

from importlib.resources import files

from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.spelling import nearest

_HERE = files("shanhai.engines.fiscal")
EXAMPLES = {
    "de-2020": "de-states.csv",
    "de-2026": "de-states.csv",
    "ch-2020": "ch-cantons.csv",
    "br-fundeb": "br-entities.csv",
    "cl-fcm": "cl-communes.csv",
    "cn-chishui-2018": "cn-chishui.csv",
    "cn-equalisation-2022": "cn-standard.csv",
    "cn-east-west-capacity": "cn-provinces-2019.csv",
    "cn-east-west-pairs": "cn-provinces-2019.csv",
}
"""Scheme → example data: only `cn-provinces-2019.csv` is real; the others are generated and say 模拟."""


def names() -> list[str]:
    """Return the names of the schemes that ship, sorted."""
    return sorted(EXAMPLES)


def scheme_text(name: str) -> str:
    """Return a shipped scheme's TOML.

    Raises:
        InvalidInputError: If there is none of that name.
    """
    if name not in EXAMPLES:
        raise refuse("scheme.none", name=name, nearest=nearest(name, EXAMPLES))
    return (_HERE / "schemes" / f"{name}.toml").read_text(encoding="utf-8")


def example(name: str) -> str:
    """Return the example data of a shipped scheme, CSV.

    Raises:
        InvalidInputError: If there is no scheme of that name.
    """
    if name not in EXAMPLES:
        raise refuse("scheme.none", name=name, nearest=nearest(name, EXAMPLES))
    return (_HERE / "examples" / EXAMPLES[name]).read_text(encoding="utf-8")
