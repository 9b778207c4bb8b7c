"""Apache Spark's own Connect server, started here: PySpark brings Spark, the machine must have Java.

It runs in a process of its own on this machine's loopback and ends with the screening.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.no_java": Text(
        "Apache Spark 要 Java 17，这台机器上没有，请安装（如 apt install default-jre-headless），或用 --spark sail",
        "Apache Spark needs Java 17, which is not here; install it (apt install default-jre-headless), or use --spark sail",
    ),
    "screen.spark_ended": Text(
        "Apache Spark 没有启动成功（{detail}），请检查 Java 和内存，或用 --spark sail",
        "Apache Spark did not start ({detail}); check Java and memory, or use --spark sail",
    ),
}
_SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
_HOST = "127.0.0.1"
_PATIENCE_S, _STEP_S, _GRACE_S = 300.0, 0.2, 20.0
_SHOWN = 200


@contextmanager
def apache(work: Path) -> Iterator[str]:
    """Serve Apache Spark on all cores and give its address.

    Args:
        work: An existing folder for its log and scratch files.

    Raises:
        InvalidInputError: There is no Java, or the server ends before it listens.
    """
    if not has_java():
        raise InvalidInputError("screen.no_java")
    port, log = _free_port(), work / "spark.log"
    with log.open("wb") as said:
        server = subprocess.Popen(  # noqa: S603 - our own words
            _command(port, work), stdout=said, stderr=said, cwd=work, env=_environment(work)
        )
    try:
        _wait(server, port, log)
        yield f"sc://{_HOST}:{port}"
    finally:
        server.terminate()
        try:
            server.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def has_java() -> bool:
    """Return whether there is a Java to start Spark with."""
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and (Path(home) / "bin" / "java").is_file()))


def _command(port: int, work: Path) -> list[str]:
    import pyspark  # noqa: PLC0415 - an extra

    settings = {
        "spark.connect.grpc.binding.address": _HOST,
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": _HOST,
        "spark.driver.host": _HOST,
        "spark.local.dir": work,
        "spark.sql.warehouse.dir": work / "warehouse",
        "spark.ui.enabled": "false",
    }
    given = [one for key, value in settings.items() for one in ("--conf", f"{key}={value}")]
    submit = str(Path(pyspark.__file__).parent / "bin" / "spark-submit")
    scratch = ("--driver-java-options", f"-Djava.io.tmpdir={work}")
    return [submit, "--master", "local[*]", *scratch, "--class", _SERVER, *given, "spark-internal"]


def _environment(work: Path) -> dict[str, str]:
    """Return the environment without another Spark's settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SPARK_")}
    return kept | {"SPARK_LOCAL_IP": _HOST, "SPARK_LOG_DIR": str(work)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Return when the server listens."""
    for _ in range(int(_PATIENCE_S / _STEP_S)):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex((_HOST, port)) == 0:
                return
        sleep(_STEP_S)
    detail = log.read_text("utf-8", "replace").strip()[-_SHOWN:]
    raise InvalidInputError("screen.spark_ended", detail=detail)
