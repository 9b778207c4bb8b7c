"""The ledger's own tables, as the node defines them; Django only migrates and reads them."""

from typing import Any, ClassVar

from django.db import models

from shanhai.domains.rows import columns
from shanhai.node import schema
from shanhai.node.tables import Table


class BookBase(models.base.ModelBase):
    """Adds a table's columns: `class Entry(BookTable, table=schema.ENTRY)`."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        attrs: dict[str, Any],
        table: Table | None = None,
        **kw: Any,
    ) -> Any:
        """Make the model of a table."""
        if table is None:
            return super().__new__(cls, name, bases, attrs, **kw)
        indexes = [
            models.Index(fields=list(i.columns), name=i.name) for i in table.indexes if not i.unique
        ]
        unique = [
            models.UniqueConstraint(fields=list(i.columns), name=i.name)
            for i in table.indexes
            if i.unique
        ]
        options = {"db_table": table.name, "indexes": indexes, "constraints": unique}
        return super().__new__(
            cls, name, bases, columns(table) | attrs | {"Meta": type("Meta", (), options)}, **kw
        )


class BookTable(models.Model, metaclass=BookBase):
    """A bookkeeping table."""

    objects: ClassVar["models.Manager[Any]"] = models.Manager()

    class Meta:
        """Each table has its own columns."""

        abstract = True


class Entry(BookTable, table=schema.ENTRY):
    """Entries, packed as they are hashed."""


class TreeNode(BookTable, table=schema.TREE_NODE):
    """Inner nodes of the tree."""


class Timeline(BookTable, table=schema.TIMELINE):
    """Which entries touched which object."""


class Search(BookTable, table=schema.SEARCH):
    """What objects are found by."""


class Head(BookTable, table=schema.HEAD):
    """Where the log stands: one row."""


class Checkpoint(BookTable, table=schema.CHECKPOINT):
    """Notes worth keeping."""


class Evidence(BookTable, table=schema.EVIDENCE):
    """Signed acts that saw a state this ledger never had."""
