"""The actor: who asks. Every selector takes one and cuts to what it may see."""

from typing import NamedTuple

from shanhai.acts.roles import Role, Side


class Actor(NamedTuple):
    """An officer in one post, or the public (all fields empty)."""

    person: str = ""
    post: str = ""
    role: Role | None = None
    organisation: str = ""
    region: str = ""
    name: str = ""

    @property
    def public(self) -> bool:
        """Whether nobody in particular asks."""
        return not self.post

    @property
    def east(self) -> bool:
        """Whether the actor's region is measured on the eastern side."""
        return self.role is not None and self.role.side is Side.EAST


PUBLIC = Actor()
