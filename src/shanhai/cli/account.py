"""`shanhai account`: sign-ins of a real installation, where nobody registers themselves.

A sign-in shows pages; it gives no right. Rights come from posts and keys on the ledger.
"""

import secrets
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="账号 Sign-ins of persons on the ledger.")
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; SHANHAI_DATA_DIR otherwise.")
]
Person = Annotated[str, typer.Argument(help="账本上的人员编号 The person's id on the ledger.")]
Username = Annotated[str, typer.Option(help="用户名 User name.")]
Name = Annotated[str, typer.Option(help="本人看到的姓名 Name shown to themselves.")]
User = Annotated[str, typer.Argument(help="用户名 User name.")]
PASSWORD_BYTES = 15


@app.command("open")
def open_one(person: Person, username: Username, name: Name, data_dir: DataDir = None) -> None:
    """开通账号 Open a person's account and print its first password, once."""
    from shanhai.cli import _django

    _django.ready(data_dir)

    from shanhai.domains.accounts.services import account_invite
    from shanhai.domains.book.handle import node_or_none
    from shanhai.domains.vault.services import founders_keep

    if (node := node_or_none()) is not None:
        founders_keep(node.constants.suite)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    account_invite(person=person, name=name, username=username, password=password)
    _say(username, password)


@app.command("password")
def password_of(username: User, data_dir: DataDir = None) -> None:
    """重设密码 Give an account a new password, for whoever forgot theirs, and print it, once."""
    from shanhai.cli import _django

    _django.ready(data_dir)

    from shanhai.domains.accounts.services import password_reset

    password = secrets.token_urlsafe(PASSWORD_BYTES)
    password_reset(username=username, password=password)
    _say(username, password)


def _say(username: str, password: str) -> None:
    typer.echo(f"{username}  {password}")
    typer.echo(
        "当面交给本人，登录后立即修改 hand it over in person, to be changed at the first sign-in"
    )
