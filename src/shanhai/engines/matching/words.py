"""Refusals of the matching engine, in both languages, each with how to mend it."""

from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "match.file": Text(
        "读不了文件 {file}：{detail}。请提供 UTF-8 编码的 CSV（首行为列名）或 Parquet 文件",
        "Cannot read {file}: {detail}. Give a UTF-8 CSV with a header line, or a Parquet file",
    ),
    "match.unwritable": Text(
        "写不了文件 {file}：{detail}。请换一个可写的文件名或文件夹",
        "Cannot write {file}: {detail}. Give a file name in a folder that you may write",
    ),
    "match.columns": Text(
        "文件 {file} 缺少列 {missing}（现有：{found}）。请把首行列名改为 {wanted}",
        "{file} lacks the columns {missing} (it has {found}). Name its columns {wanted}",
    ),
    "match.empty_id": Text(
        "文件 {file} 第 {row} 行的 {column} 为空。请补上编号或删去该行",
        "{file} row {row}: {column} is empty. Fill in the id or delete the row",
    ),
    "match.not_integer": Text(
        "文件 {file} 第 {row} 行的 {column} 不是整数：{value}。请换算成整数（如乘以 100 取整）；空值、NaN 不得代替数值",
        "{file} row {row}: {column} is no integer: {value}. Scale to whole points (e.g. times 100); blank and NaN are no numbers",
    ),
    "match.score_huge": Text(
        "{column} 的值 {value} 超出 ±{limit}。请把所有分数同除以一个数后再算",
        "A {column} of {value} is beyond ±{limit}. Divide all scores by one common number",
    ),
    "match.capacity_bad": Text(
        "{right} 的容量为 {value}，应为 0 到 {limit} 的整数。请更正容量文件",
        "The capacity of {right} is {value}; it must be a whole number from 0 to {limit}. Mend the capacity file",
    ),
    "match.capacity_twice": Text(
        "{right} 的容量写了两次且不同（{first} 与 {second}）。请只留一行",
        "{right} has two different capacities ({first} and {second}). Keep one row",
    ),
    "match.capacity_missing": Text(
        "有 {count} 个右侧对象在配对表中出现而在容量文件中没有行（如 {right}）。"
        "请在 {file} 中为每个补一行：接收几个就写 {line},几；不接收写 {line},0",
        "{count} rights have pairs but no row in the capacity file (such as {right}). "
        "Add to {file} one line each: {line},N where it takes N, {line},0 where it is closed",
    ),
    "match.prices_unfit": Text(
        "{mode} 方式不用价格。请去掉 --prices，或改用 --mode optimal",
        "Mode {mode} uses no prices. Leave out --prices, or use --mode optimal",
    ),
    "match.price_bad": Text(
        "文件 {file} 中 {right} 的价格为 {value}，应为不小于 0 的数。请改正，或删去该行（没写的从 0 开始）",
        "{file}: the price of {right} is {value}; it must be 0 or more. Mend it or delete the row (unnamed rights start at 0)",
    ),
    "match.price_twice": Text(
        "文件 {file} 中 {right} 的价格写了两次。请只留一行",
        "{file}: {right} has two prices. Keep one row",
    ),
    "match.index": Text(
        "{side} 的下标 {value} 超出范围 0–{limit}",
        "A {side} index of {value} is outside 0 to {limit}; indices are zero-based",
    ),
    "match.mode_unknown": Text(
        "没有 {mode} 这种方式。请选 {known}",
        "There is no mode {mode}. Choose one of {known}",
    ),
    "match.solver_unfit": Text(
        "求解器 {solver} 不能用于 {mode} 方式。可用：{known}",
        "Solver {solver} does not serve mode {mode}. Choose one of {known}",
    ),
    "match.too_large": Text(
        "分数与规模过大，精确求解会溢出：最大分 {score}，对象 {nodes} 个。请缩小分数，或用拍卖求解器",
        "Scores and size overflow the exact solver: top score {score}, {nodes} nodes. Shrink the scores or use the auction",
    ),
    "match.gap_bad": Text(
        "允许差距应在 0 到 1 之间，给的是 {value}",
        "The allowed gap must lie between 0 and 1; it is {value}",
    ),
    "match.eps_bad": Text(
        "--eps 只用于 --solver auction，应为 {least} 到 {most} 之间的分数，给的是 {value}",
        "--eps goes with --solver auction alone and lies between {least} and {most} points; it is {value}",
    ),
    "match.seed_bad": Text(
        "种子应为 0 到 2⁶³−1 的整数，给的是 {value}",
        "The seed must be a whole number from 0 to 2⁶³−1; it is {value}",
    ),
    "match.certificate_bad": Text(
        "证书 {file} 不是本程序写出的 JSON：{detail}。请用 shanhai match assign --certificate 重新生成",
        "{file} is not a certificate of ours: {detail}. Make it again with shanhai match assign --certificate",
    ),
    "match.solver_failed": Text(
        "求解器 {solver} 未能求解（{detail}）。请换一个求解器或缩小规模",
        "Solver {solver} found no answer ({detail}). Choose another solver or a smaller part",
    ),
    "match.no_occupations": Text(
        "未安装职业分类数据。请安装 shanhai[matching,occupations]",
        "The classification of occupations is not installed. Install shanhai[matching,occupations]",
    ),
    "match.no_embeddings": Text(
        "未安装向量模型。请安装 shanhai[embeddings]，或不加 --embeddings",
        "The embedding model is not installed. Install shanhai[embeddings], or leave --embeddings out",
    ),
    "match.profile": Text(
        "方案 {file} 有误：{detail}。请对照指南中的方案格式更正",
        "Profile {file} is wrong: {detail}. Mend it by the guide's page on profiles",
    ),
    "match.no_profile": Text(
        "没有方案 {name}。请写一个 TOML 文件，或随附方案的名字：{known}",
        "There is no profile {name}. Name a TOML file, or one that ships: {known}",
    ),
    "match.no_report": Text(
        "没有报告 {file}，或它不是本程序写的。explain 要的是 shanhai match run 写出的结果，报告须留在它旁边",
        "There is no report {file} of ours. explain takes a result of shanhai match run with its report beside it",
    ),
    "match.twice": Text(
        "文件 {file} 中编号 {id} 出现两次。请只留一行",
        "{file} has the id {id} twice. Keep one row",
    ),
    "match.value": Text(
        "文件 {file} 第 {row} 行的 {column} 看不懂：{value}（应为{wanted}）",
        "{file} row {row}: cannot read {column} {value}; it should be {wanted}",
    ),
    "match.set_wide": Text(
        "列 {column} 的不同取值过多（{count}），请合并取值或先编码",
        "Column {column} has too many different values ({count}); merge or code them first",
    ),
    "match.sensitive": Text(
        "敏感属性 {column} 不能计入分数，只能作为有法律依据的硬条件或优先项（basis）",
        "The sensitive attribute {column} may not enter a score; declare it a predicate or priority with its legal basis",
    ),
    "match.contradiction": Text(
        "配额互相矛盾：{group} 的下限 {low} 高于上限 {high}。请更正方案",
        "The quota of {group} contradicts itself: floor {low} above ceiling {high}. Mend the profile",
    ),
    "match.infeasible": Text(
        "要求无法同时满足：{detail}",
        "The demands cannot all be met: {detail}",
    ),
    "match.unknown_id": Text(
        "没有编号 {id}。请核对需求或供给文件",
        "There is no id {id}. Look it up in the needs or the offers",
    ),
    "match.prices_wanted": Text(
        "在线方式需要上一次的价格文件（--prices）",
        "Online mode needs the prices of the last run (--prices)",
    ),
}
