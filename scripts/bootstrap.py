"""Set up everything a checkout needs: Python environment, front-end files, system packages.

Needs only Python 3.11, Node's npm and, on Debian, apt; uses the standard library alone. Each step
leaves a stamp of its inputs under `.build/stamps`, so a second run does nothing.

    python3 scripts/bootstrap.py            what `make run` needs
    python3 scripts/bootstrap.py --tests    also what the tests need: Chromium, PostgreSQL, dev tools
    python3 scripts/bootstrap.py --consortium    only the consensus program of a consortium ledger
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
UV = BUILD / "uv/bin/uv"
STATIC = "src/shanhai/web/static"
CONSENSUS = ".build/consensus/cometbft"
CATALOGUE = "src/shanhai/locale/en/LC_MESSAGES/django"
OLDEST = (3, 11)
SYSTEM_PYTHON = "/usr/bin/python3"
PROBE = "import sys, bz2, ctypes, lzma, sqlite3, ssl, zlib; print(*sys.version_info[:2])"
"""Says a Python's version, if it has every module that a server needs."""
CJK_FONT = "NotoSansCJK-Regular.ttc"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def main() -> int:
    """Run each step that is out of date and print how long it took."""
    if sys.version_info < OLDEST:
        sys.exit("Python 3.11 or newer is needed: apt-get install python3")
    if "--consortium" in sys.argv[1:]:
        return consortium()
    tests = "--tests" in sys.argv[1:]
    started = time.monotonic()
    packages = missing_packages(tests=tests)
    if packages:
        _timed(f"apt: {' '.join(packages)}", lambda: apt_install(packages))
    if not UV.exists():
        _timed("uv", install_uv)
    for step in steps(tests=tests):
        step.make()
    print(f"set up in {time.monotonic() - started:.1f} s")
    return 0


def consortium() -> int:
    """Build the consensus program where it is out of date, and print its version."""
    if not UV.exists():
        _timed("uv", install_uv)
    consensus().make()
    return subprocess.run([str(ROOT / CONSENSUS), "version"], check=False).returncode


class Step(NamedTuple):
    """A step is done when its product is there and its inputs are those it was made from."""

    name: str
    inputs: tuple[str, ...]
    product: str
    run: Callable[[], None]

    def done(self) -> bool:
        """Whether there is nothing to do."""
        stamp = BUILD / "stamps" / self.name
        return (
            (ROOT / self.product).exists() and stamp.exists() and stamp.read_text() == self.digest()
        )

    def digest(self) -> str:
        """Return the hash of every input, in order."""
        return hashlib.sha256(
            b"".join((ROOT / path).read_bytes() for path in self.inputs)
        ).hexdigest()

    def make(self) -> None:
        """Run it where something is to be done."""
        if not self.done():
            _timed(self.name, self.run)
            self.stamp()

    def stamp(self) -> None:
        """Remember what the product was made from."""
        (BUILD / "stamps").mkdir(parents=True, exist_ok=True)
        (BUILD / "stamps" / self.name).write_text(self.digest())


def steps(*, tests: bool) -> list[Step]:
    """Return the steps in order; each needs the ones before it."""
    python = ("python-tests", ".venv/bin/pytest") if tests else ("python", ".venv/bin/shanhai")
    copied = ("package-lock.json", "scripts/copy_static.py", "scripts/icons.txt")
    return [
        Step(python[0], ("uv.lock", "pyproject.toml"), python[1], lambda: uv_sync(tests=tests)),
        Step("npm", ("package.json", "package-lock.json"), "node_modules", npm_install),
        Step("static", copied, f"{STATIC}/lib/manifest.json", copy_static),
        Step("signing", _signing_inputs(), f"{STATIC}/signing", build_signing),
        Step("messages", (f"{CATALOGUE}.po",), f"{CATALOGUE}.mo", compile_messages),
        *([consensus()] if tests else []),
    ]


def consensus() -> Step:
    """Return the step that builds the consensus program."""
    names = (
        "consensus/go.mod",
        "consensus/go.sum",
        "consensus/main.go",
        "consensus/node.go",
        "consensus/application.go",
        "consensus/gossip.go",
    )
    return Step("consensus", (*names, "scripts/build_consensus.py"), CONSENSUS, build_consensus)


def missing_packages(*, tests: bool) -> list[str]:
    """Name the Debian packages whose program or font is not on this machine."""
    wanted = [("fonts-noto-cjk", _has_cjk_font())]
    if not UV.exists():
        wanted.append(("python3-venv", _has_venv()))
    if tests:
        wanted.append(("chromium", bool(shutil.which("chromium") or shutil.which("google-chrome"))))
        wanted.append(("default-jre-headless", bool(shutil.which("java"))))
        wanted.append(("postgresql", bool(shutil.which("initdb")) or _has_postgres()))
    return [name for name, present in wanted if not present]


def _has_cjk_font() -> bool:
    return any(True for folder in FONT_FOLDERS for _ in Path(folder).rglob(CJK_FONT))


def _has_venv() -> bool:
    command = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _has_postgres() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def apt_install(packages: list[str]) -> None:
    """Install packages with apt, through sudo where we are not root; say so where we cannot."""
    apt = shutil.which("apt-get")
    root = [] if os.geteuid() == 0 else [shutil.which("sudo") or ""]
    if apt is None or root == [""]:
        print(f"cannot install {', '.join(packages)} here; please install them and run this again")
        if packages == ["fonts-noto-cjk"]:
            return  # only printed documents need it
        sys.exit(1)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run([*root, apt, "update", "-q"], env=quiet)
    _run([*root, apt, "install", "-y", "-q", "--no-install-recommends", *packages], env=quiet)


def install_uv() -> None:
    """Give uv an environment of its own: Debian refuses pip outside one."""
    _run([sys.executable, "-m", "venv", str(BUILD / "uv")])
    _run([str(BUILD / "uv/bin/python"), "-m", "pip", "install", "-q", "uv"])


def interpreter() -> str:
    """Return the Python that the environment is made with: this one, or the system's where that is quicker.

    Half of what an act costs is the interpreter. A `python3` that somebody built without optimisation takes a
    quarter more of it than the distribution's own. A Python that was chosen (`make PYTHON=…`) is taken.
    """
    chosen = os.environ.get("SHANHAI_PYTHON")
    if chosen or "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""):
        return sys.executable
    return SYSTEM_PYTHON if serves(SYSTEM_PYTHON) else sys.executable


def serves(python: str) -> bool:
    """Whether a Python is there, is no older than this one (3.11 is, 3.11.2 is not), and is whole."""
    if not Path(python).exists():
        return False
    found = subprocess.run([python, "-c", PROBE], check=False, capture_output=True, text=True)
    version = tuple(map(int, found.stdout.split())) if found.returncode == 0 else (0,)
    return version >= sys.version_info[:2]


def uv_sync(*, tests: bool) -> None:
    """Install the locked Python packages; tools and engines only where tests need them."""
    command = [str(UV), "sync", "--quiet", "--locked", "--inexact"]
    if not (ROOT / ".venv").exists():
        command += ["--python", interpreter()]
    _run(
        command if tests else [*command, "--no-default-groups"],
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
    )


def npm_install() -> None:
    """Install the locked front-end libraries without running their scripts."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed for the front-end libraries: apt-get install nodejs npm")
    _run([npm, "ci", "--ignore-scripts", "--silent"])


def copy_static() -> None:
    """Copy the files that pages load out of node_modules."""
    _run([sys.executable, str(ROOT / "scripts/copy_static.py")])


def _signing_inputs() -> tuple[str, ...]:
    sources = sorted((ROOT / "src/shanhai/web/signing").iterdir())
    names = (path.relative_to(ROOT).as_posix() for path in sources if path.is_file())
    return ("scripts/build_signing.py", *names)


def build_signing() -> None:
    """Join the code that signs and proves; other bytes than the published ones stop the set-up."""
    _run([sys.executable, str(ROOT / "scripts/build_signing.py")])


def build_consensus() -> None:
    """Build CometBFT from our own module, which pins it."""
    _run([sys.executable, str(ROOT / "scripts/build_consensus.py")])


def compile_messages() -> None:
    """Compile the English catalogue."""
    _run([str(ROOT / ".venv/bin/python"), str(ROOT / "scripts/messages.py"), "compile"])


def _timed(name: str, step: Callable[[], None]) -> None:
    started = time.monotonic()
    print(f"{name} …", flush=True)
    step()
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)


def _run(command: list[str], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, env=env)
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
