"""Typefaces of official documents, and what stands in for those a machine does not have.

GB/T 9704 asks for 小标宋 (title, red head), 仿宋 (body), 黑体 and 楷体 (headings) and 宋体 (page number). They
are licensed, so none is shipped: an operator puts font files into `fonts/` of the data folder or installs them;
Noto Serif and Sans CJK stand in otherwise, and the documents page says so.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

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


@cache
def installed() -> Any:
    """Return typst's fonts: the system's and those of the data folder; read once a process."""
    import typst  # noqa: PLC0415 - heavy, and only printing needs it

    folder = Path(settings.DATA_DIR) / "fonts"
    return typst.Fonts(font_paths=[folder] if folder.is_dir() else [])


@cache
def chosen() -> dict[str, list[str]]:
    """Return for each face the families that are here, the proper one first.

    A fallback of heavy weight stands in for 小标宋, which is bold by design.
    """
    here = set(installed().families())
    return {face: [name for name in names if name in here] for face, names in FACES.items()}


def missing() -> list[str]:
    """Return the standard's faces that a stand-in replaces here, in Chinese."""
    return [ZH[face] for face, names in chosen().items() if not names or names[0] in (SERIF, SANS)]
