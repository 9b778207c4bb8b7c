"""What the machine refuses, as sentences: a full disk, a path that is not there, a database that does not answer."""

import errno
import sys

from shanhai.kernel.errors import Halt, InvalidInputError, ShanhaiError, StorageError
from shanhai.kernel.text import TEXTS, Text

MOST = 300
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
PATH = {
    errno.ENOENT: Text("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EISDIR: Text("这是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: Text("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.EEXIST: Text("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.EACCES: Text("没有权限", "permission is missing"),
    errno.EPERM: Text("没有权限", "permission is missing"),
    errno.EROFS: Text("所在的盘只能读", "its disk can only be read"),
    errno.ENAMETOOLONG: Text("名字太长", "the name is too long"),
    errno.EIO: Text("盘读写出错", "the disk fails"),
}
"""What the system says of a file, in words; other errors of the system are no matter of files."""
TEXTS |= {
    "machine.full": Text(
        "磁盘已满（{detail}），没有做完；原有内容未动。请腾出空间或换一个盘，再运行一次",
        "The disk is full ({detail}), so this was not finished; what was there is untouched. Make room or take another disk, "
        "and run it again",
    ),
    "machine.path": Text(
        "{path}：{what_zh}，没有写出；请核对路径、目录和权限，或换一个路径，再运行一次",
        "{path}: {what_en}; nothing was written there. Check the path, its folder and your rights, or give another path, and "
        "run it again",
    ),
    "machine.database": Text(
        "数据库连不上或拒绝了（{detail}）：请核对 DATABASE_URL 的主机、用户、密码和库名，数据库是否在运行、盘是否已满，再运行一次",
        "The database cannot be reached or refuses ({detail}): check host, user, password and name in DATABASE_URL, that the "
        "database runs and its disk has room, and run this again",
    ),
}


def kinds() -> tuple[type[BaseException], ...]:
    """Return what `told` knows; Django's errors where Django is loaded."""
    utils = sys.modules.get("django.db.utils")
    return (OSError, Halt, *((utils.OperationalError,) if utils is not None else ()))


def told(error: BaseException) -> ShanhaiError | None:
    """Return a failure as a sentence that says how to mend it, None for one that is a fault of ours."""
    said = " ".join(str(error).split())[:MOST]
    if not isinstance(error, OSError):
        if "no such" in said:
            return None
        full = "disk is full" in said or "No space left" in said
        return StorageError("machine.full" if full else "machine.database", detail=said)
    detail = error.strerror or said
    if error.errno in FULL:
        return StorageError("machine.full", detail=str(error.filename or detail))
    what, path = PATH.get(error.errno or 0), error.filename2 or error.filename
    if what is not None and path is not None:
        return InvalidInputError("machine.path", path=str(path), what_zh=what.zh, what_en=what.en)
    return None
