"""The book of rules: importing it registers every noun and act."""

from shanhai.acts import genesis, governance, intake, officer

__all__ = ["genesis", "governance", "intake", "officer"]
