"""The eight stages of a transfer scheme; importing this registers the methods that ship."""

from shanhai.engines.fiscal.stages import bounds, capacity, donor, need, recipient, transition
from shanhai.engines.fiscal.stages.registry import METHODS, Answer, Limits, Method, Net, method

__all__ = [
    "METHODS",
    "Answer",
    "Limits",
    "Method",
    "Net",
    "bounds",
    "capacity",
    "donor",
    "method",
    "need",
    "recipient",
    "transition",
]
