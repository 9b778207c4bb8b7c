"""The grants of a PostgreSQL role that serves: it appends to the log and can change none of it.

Triggers and rules of the database could be switched off by whoever owns the tables; a role that never had the right
cannot. The owner migrates, grants, rebuilds; the web processes connect as this role. Source: reliability reference §6 T1.
"""

import re
from typing import Any

from shanhai.acts.machine.objects import NOUNS
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node import schema

APPEND_ONLY = (schema.ENTRY, schema.TREE_NODE, schema.TIMELINE, schema.EVIDENCE)
"""Tables whose rows are added and never changed or deleted."""
MIGRATIONS = "django_migrations"
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}").fullmatch
TEXTS |= {
    "grants.role": Text(
        "角色名须为小写字母、数字和下划线",
        "A role's name is lower-case letters, digits and underscores",
    ),
    "grants.changes": Text(
        "当前数据库角色可以改动账本表（{rights}）；请由表的所有者运行 shanhai database grants 角色，再用那个角色启动服务",
        "This database role may change the ledger's tables ({rights}); have their owner run shanhai database grants ROLE "
        "and serve as that role",
    ),
}


def grants(role: str) -> list[str]:
    """Return the statements, run by the tables' owner, that make a role fit to serve.

    Args:
        role: An existing role.

    Raises:
        InvalidInputError: `grants.role`.
    """
    if _ROLE(role) is None:
        raise InvalidInputError("grants.role")
    log = ", ".join(f'"{table.name}"' for table in APPEND_ONLY)
    kept = ", ".join(f'"{name}"' for name in (schema.HEAD.name, *sorted(NOUNS)))
    return [
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        f'REVOKE UPDATE, DELETE ON {log} FROM "{role}"',
        f'REVOKE DELETE ON {kept} FROM "{role}"',
    ]


def excess(connection: Any) -> list[str]:
    """Return which rights to change the log the connected role has, as `table right`.

    Args:
        connection: An open connection to PostgreSQL.
    """
    wanted = [(table.name, right) for table in APPEND_ONLY for right in ("UPDATE", "DELETE")]
    wanted += [(name, "DELETE") for name in (schema.HEAD.name, *sorted(NOUNS))]
    asked = "SELECT has_table_privilege(current_user, %s, %s)"
    return [
        f"{name} {right}"
        for name, right in wanted
        if connection.execute(asked, (f'"{name}"', right)).fetchone()[0]
    ]
