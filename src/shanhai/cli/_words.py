"""A command whose first word may be one of its sub-commands, or already an argument of the usual one."""

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context


def usually(name: str) -> type[TyperGroup]:
    """Return a group that takes what is no sub-command, and no call for help, as arguments of `name`."""

    class Usually(TyperGroup):
        """The group for `name`."""

        usual = name

        def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
            """Put the name in front unless a sub-command is there."""
            if args and args[0] not in self.commands and args[0] != "--help":
                args = [name, *args]
            return super().parse_args(ctx, args)

    return Usually
