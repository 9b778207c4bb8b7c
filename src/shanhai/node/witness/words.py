"""What a witness says when it refuses; each sentence names the next step."""

from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "witness.split": Text(
        "账本运行单位对不同人出示了两本账：第 {size} 条处的根与 {whose} 手中的不同。两份签名的检查点已留存在 {kept}，"
        "已停止联署；请保留现场并立即报告审计机关",
        "The sequencer shows two ledgers: at {size} entries the root differs from the one {whose} holds. Both signed "
        "checkpoints are kept in {kept}, cosigning has stopped; keep everything and tell the audit office at once",
    ),
    "witness.alarm": Text(
        "留有两本账的证据（{kept}），不再联署。审计机关处理完毕后，把该目录移走再启动",
        "Evidence of two ledgers is kept ({kept}), so nothing is cosigned. Once the audit office has dealt with it, move "
        "that folder away and start again",
    ),
    "witness.rollback": Text(
        "账本运行单位出示 {size} 条，此前已签署 {held} 条：数据被回退或恢复了旧备份，拒绝联署；请运行单位恢复最新数据",
        "The sequencer shows {size} entries after signing {held}: data was rolled back or an old backup restored. "
        "Nothing is cosigned; it must restore its newest data",
    ),
    "witness.altered": Text(
        "第 {index} 条与签名的树不符：送来的内容被改动。请换一个网络或来源重试，反复出现请报告审计机关",
        "Entry {index} does not fit the signed tree: what was delivered was altered. Try another network or source, and "
        "tell the audit office if it stays so",
    ),
    "witness.tiles": Text(
        "送来的瓦片推不出签名的根，无法核对；请稍后重试，反复出现请换一个来源",
        "The tiles delivered do not lead to the signed root, so nothing can be compared; try again, or take another "
        "source",
    ),
    "witness.rule": Text(
        "第 {index} 条不成立，拒绝联署：{reason}。检查点和该条已留存在 {kept}；若本机软件较旧请先升级，否则报告审计机关",
        "Entry {index} does not hold, nothing is cosigned: {reason_en}. Checkpoint and entry are kept in {kept}; upgrade if "
        "this software is older, tell the audit office otherwise",
    ),
    "witness.ledger": Text(
        "来源是账本 {found}，见证规则写的是 {wanted}；请核对网址和规则文件",
        "The source is ledger {found}, the policy names {wanted}; compare address and policy file",
    ),
    "witness.policy": Text(
        "规则文件与账上的见证规则不同（{differs}）：文件不是本账创世或后来依法变更的任何一份。请核对文件的来源；不联署",
        "The policy file differs from the log's policies ({differs}): it is neither that of genesis nor one adopted since. "
        "Check where the file is from; nothing is cosigned",
    ),
    "witness.closed": Text(
        "{log} 的纪元已由见证单位关闭，由 {successor} 接替：它签署的检查点不再接受。请把 --from 换成接替者的网址",
        "The epoch of {log} was closed by the witnesses, {successor} succeeds it: its checkpoints are refused. Point "
        "--from at the successor's site",
    ),
    "witness.successor": Text(
        "{name} 不能接替：须是本账从未用过的账本公钥（shanhai ledger key 打印的一行）",
        "{name} cannot succeed: a log's key that this log never had is wanted (the line that shanhai ledger key prints)",
    ),
    "witness.empty": Text(
        "来源的账本还没有任何记录，请在创世之后再来",
        "The source's ledger holds no entry yet; come again after its genesis",
    ),
    "witness.behind": Text(
        "本见证单位曾联署 {anchored} 条，现在只有 {size} 条：在追上并核对一致之前不联署",
        "This witness cosigned {anchored} entries before and has {size} now: nothing is cosigned until it has caught up "
        "and compared",
    ),
    "witness.stale": Text(
        "{whose} 已见到 {seen} 条，账本运行单位只给出 {size} 条：它对本单位隐瞒新记录，或网络不通；不联署，请查明",
        "{whose} has seen {seen} entries, the sequencer gives {size}: it withholds entries from this witness, or the "
        "network fails. Nothing is cosigned; find out which",
    ),
    "witness.overdue": Text(
        "办理 {act_id} 于 {minutes} 分钟前收下并给了回执，规则允许却没有入账：疑似扣压，拒绝联署；请运行单位立即受理",
        "Act {act_id} was receipted {minutes} minutes ago, the rules allow it and it is not in the log: it seems to be "
        "held back. Nothing is cosigned; the sequencer must take it",
    ),
    "witness.objection_overdue": Text(
        "异议 {id} 于 {minutes} 分钟前收下并给了回执，至今没有登记入账：疑似扣压，拒绝联署；请运行单位立即登记（数据目录须有节点"
        "密钥 keys/node）",
        "Objection {id} was receipted {minutes} minutes ago and is not lodged in the log: it seems to be held back. Nothing "
        "is cosigned; the sequencer must lodge it (it needs the node's key, keys/node in its data folder)",
    ),
    "witness.notice": Text(
        "公示 {id} 不存在、已作废或不在公示期内，不能据此登记异议；请核对公示网址末尾的编号",
        "Notice {id} is not there, is void or does not run now, so no objection to it is lodged; compare the id at the end "
        "of the notice's address",
    ),
    "witness.stranger": Text(
        "本机公钥 {vkey} 不在见证规则中：只核对，不联署。请把这一行交给制定规则的单位",
        "This machine's key {vkey} is not in the policy: it verifies and does not cosign. Hand that line to whoever keeps "
        "the policy",
    ),
    "witness.clock": Text(
        "本机时钟 {now} 早于上次联署的时间 {last}，不联署；请校准时钟",
        "This machine's clock, {now}, is before its last cosignature, {last}; nothing is cosigned, set the clock",
    ),
    "witness.receipts_full": Text(
        "待办的已达 {most} 件，请稍后再交或改交其他见证单位",
        "{most} are waiting already; try again later or hand it to another witness",
    ),
    "witness.digest": Text(
        "请交 64 位小写十六进制的 SHA-256", "Hand in a SHA-256 as 64 lower-case hex digits"
    ),
}
