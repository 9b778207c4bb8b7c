"""Typefaces of official documents, and what stands in for those a machine does not have.

GB/T 9704 asks for 小标宋 (title, red head), 仿宋 (body), 黑体 and 楷体 (headings) and 宋体 (page number). They
are licensed, so none is shipped: an operator puts font files into `fonts/` of the data folder or installs them;
Noto Serif and Sans CJK stand in otherwise, and the documents page says so.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from shanhai.kernel.errors import StorageError
from shanhai.kernel.text import TEXTS, Text

PRESS = Path(__file__).with_name("press.py")
SECONDS = 90
TEXTS["document.failed"] = Text(
    "文件暂时无法生成（{detail}），请稍后重试或联系维护人员",
    "The document cannot be made now ({detail}); try again or call the maintainers",
)

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
FACES: dict[str, tuple[str, ...]] = {
    "fang": ("FangSong_GB2312", "FangSong", "STFangsong", SERIF),
    "biao": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", SERIF),
    "hei": ("SimHei", "STHeiti", SANS),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", SERIF),
    "song": ("SimSun", "STSong", SERIF),
}
WORD = {
    "fang": "仿宋_GB2312",
    "biao": "方正小标宋简体",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "song": "宋体",
}
"""Names for DOCX: the office's own machine has them."""
ZH = {"fang": "仿宋", "biao": "小标宋", "hei": "黑体", "kai": "楷体", "song": "宋体"}


def press(job: dict[str, Any]) -> bytes:
    """Have a process of its own do a job with typst (see `press.py`), and return what it made.

    Raises:
        StorageError: `document.failed`, with typst's last line.
    """
    folder = Path(settings.DATA_DIR) / "fonts"
    told = msgspec.json.encode(job | {"folders": [str(folder)] if folder.is_dir() else []})
    command = [sys.executable, "-P", str(PRESS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            command, input=told, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise StorageError("document.failed", detail=f"{SECONDS} s") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise StorageError("document.failed", detail=said[-1] if said else str(done.returncode))
    return done.stdout


@cache
def chosen() -> dict[str, list[str]]:
    """Return for each face the families that are here, the proper one first; looked up once a process.

    A fallback of heavy weight stands in for 小标宋, which is bold by design.
    """
    here = set(msgspec.json.decode(press({}), type=list[str]))
    return {face: [name for name in names if name in here] for face, names in FACES.items()}


def missing() -> list[str]:
    """Return the standard's faces that a stand-in replaces here, in Chinese."""
    return [ZH[face] for face, names in chosen().items() if not names or names[0] in (SERIF, SANS)]
