"""The signing bundle's release: proposed and confirmed by two keys, by the hashes that the package carries."""

from importlib.resources import files

from shanhai.acts.governance import ConfirmRelease, ProposeRelease, ReleasedFile
from shanhai.domains.demo.stage import Stage

HASHES = "web/signing/HASHES"
BY, AGAIN = "rulemaker", "rulekeeper"


def bundle() -> tuple[ReleasedFile, ...]:
    """Return the bundle's files with their SHA-256, as `scripts/build_signing.py` recorded them."""
    text = files("shanhai").joinpath(HASHES).read_text("ascii")
    rows = (line.split() for line in text.splitlines())
    return tuple(ReleasedFile(name=name, sha256=digest) for digest, name in rows)


def release(stage: Stage, version: str) -> str:
    """Record the bundle that this package serves, with two keys; return the release's id.

    Args:
        stage: The cast on its ledger.
        version: What readers know the release by.
    """
    proposed = stage.do(BY, ProposeRelease(version=version, files=bundle()))
    stage.do(AGAIN, ConfirmRelease(), proposed)
    return proposed
