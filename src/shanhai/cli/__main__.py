"""`python -m shanhai.cli` is the `shanhai` command."""

from shanhai.cli.main import app

app()
