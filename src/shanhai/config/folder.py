"""The data folder: everything an installation owns lies in it, and its secrets in `keys/`."""

import os
import secrets
from pathlib import Path

FOLDERS = ("files", "keys", "maps", "static")
SECRET = Path("keys/secret")


def default_data_dir() -> Path:
    """Return the folder named by SHANHAI_DATA_DIR, else `var/data` where the command runs."""
    return Path(os.environ.get("SHANHAI_DATA_DIR", "var/data")).resolve()


def prepare(data_dir: Path) -> None:
    """Create the folder with its secret; leave alone what is there.

    Args:
        data_dir: Where the installation keeps everything; its parents are created.
    """
    for name in FOLDERS:
        (data_dir / name).mkdir(parents=True, exist_ok=True)
    (data_dir / "keys").chmod(0o700)
    secret = data_dir / SECRET
    if not secret.exists():
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))


def secret_key(data_dir: Path) -> str:
    """Return the folder's secret; in a folder not yet prepared, one that lasts for this process."""
    secret = data_dir / SECRET
    return secret.read_text() if secret.exists() else secrets.token_urlsafe(64)
