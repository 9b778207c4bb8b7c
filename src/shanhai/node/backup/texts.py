"""What backups and restores say."""

from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "backup.damaged": Text(
        "备份文件不完整或已损坏（{detail}），没有写入任何内容；请换一份备份",
        "The backup is truncated or damaged ({detail}); nothing was written. Use another copy",
    ),
    "backup.unreadable": Text(
        "打不开备份文件 {path}（{detail}）；请核对路径和读取权限，再运行一次",
        "The backup {path} cannot be opened ({detail}); check the path and your right to read it, and run this again",
    ),
    "backup.signature": Text(
        "备份文件的签名不是本账本的签名密钥所签：内容被改动或不是本账本的备份；请换一份备份并联系审计机关",
        "The backup is not signed by this ledger's key: it was altered or is another ledger's. Use another copy and call "
        "the audit office",
    ),
    "backup.differs": Text(
        "备份清单与账本不符（{detail}），请换一份备份",
        "The backup's list does not fit its log ({detail}); use another copy",
    ),
    "backup.older": Text(
        "锚点记录了 {anchored} 条，备份只有 {size} 条：恢复会丢失第 {size} 条起的 {lost} 条记录。请找较新的备份或日志；"
        "确已无法找回时，用 --override 写明理由，将开启新纪元并写明丢失了什么",
        "The anchor has seen {anchored} entries, the backup has {size}: restoring loses {lost} entries from {size} on. Find "
        "a newer backup or log; if there is none, give the reason with --override, which opens a new epoch that names "
        "what is lost",
    ),
    "backup.release": Text(
        "备份由更新的版本 {made} 制作，本机是 {ours}；请先升级再恢复",
        "The backup was made by release {made}, this is {ours}; upgrade first, then restore",
    ),
    "backup.exists": Text(
        "文件 {path} 已存在，不会覆盖；请换一个文件名",
        "{path} is there already and is not overwritten; choose another name",
    ),
    "restore.not_empty": Text(
        "目标 {path} 不是空的，恢复不会覆盖任何内容；请指定一个不存在或空的目录",
        "{path} is not empty, and nothing is overwritten; name a folder that is empty or not there",
    ),
    "restore.database": Text(
        "DATABASE_URL 指向的数据库里已有表或账本；请恢复到一个新建的空库",
        "The database that DATABASE_URL names has tables already; restore into a new, empty one",
    ),
    "restore.reason": Text(
        "--override 须写明理由（1 到 200 字）", "--override needs a reason of 1 to 200 characters"
    ),
    "restore.log_key": Text(
        "钥匙柜 {path} 里没有本账本的 log 密钥，不能开启新纪元；请先把钥匙柜拷回来",
        "The cupboard {path} holds no log key of this ledger, so no new epoch can be opened; bring the cupboard back first",
    ),
    "restore.node_key": Text(
        "钥匙柜 {path} 里没有节点密钥 node，新纪元须由节点签名；请放入节点的密钥种子后重试",
        "The cupboard {path} holds no node key, and a new epoch is signed by the node; put its seed there and try again",
    ),
    "cupboard.differs": Text(
        "钥匙柜里的 {name} 与数据目录里的不同，没有覆盖；请查明哪一个是真的",
        "The cupboard's {name} differs from the data folder's and was not overwritten; find out which is the true one",
    ),
    "erasures.malformed": Text(
        "删除登记簿第 {line} 行格式不正确，请从另一份副本恢复",
        "Line {line} of the register of erasures is malformed; restore it from another copy",
    ),
}
