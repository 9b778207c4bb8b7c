"""What the linkage engine refuses, and how to mend it, in both languages."""

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text


class LinkageError(InvalidInputError):
    """A file, spec or model that cannot be worked with; nothing was written."""


TEXTS |= {
    "linkage.no_file": Text(
        "找不到文件 {file}，请核对路径", "There is no file {file}; check the path"
    ),
    "linkage.kind": Text(
        "不认识 {file} 的格式，请另存为 .csv、.parquet 或 .xlsx",
        "{file} is of no known kind; save it as .csv, .parquet or .xlsx",
    ),
    "linkage.empty": Text(
        "{file} 是空的，请确认导出是否成功", "{file} is empty; check whether its export succeeded"
    ),
    "linkage.empty_sheet": Text(
        "{file} 的第一张工作表是空的；只读第一张，请把数据移到最前",
        "The first sheet of {file} is empty; only the first is read, so move the data there",
    ),
    "linkage.other_kind": Text(
        "{file} 的内容其实是 {suffix}，请把扩展名改成 {suffix}",
        "{file} is really of the kind {suffix}; rename it so",
    ),
    "linkage.encoding": Text(
        "{file} 的编码不认识，请另存为 UTF-8 或 GB18030",
        "The encoding of {file} is unknown; save it as UTF-8 or GB 18030",
    ),
    "linkage.nested": Text(
        "{file} 的列 {column} 一格里有多个值，请拆开或不导出这一列",
        "Column {column} of {file} has several values in a cell; split it or leave it out of the export",
    ),
    "linkage.unreadable": Text(
        "{file} 读不出来（{detail}），请重新导出",
        "{file} cannot be read ({detail}); export it again",
    ),
    "linkage.doubled_column": Text(
        "{file} 中列 {column} 出现两次，请删去或改名其中一列",
        "Column {column} stands twice in {file}; remove or rename one",
    ),
    "linkage.no_column": Text(
        "{file} 中没有列 {column}；现有的列：{columns}。请在规格的 [columns] 里写明",
        "{file} has no column {column}; it has: {columns}. Name the right one under [columns] of the spec",
    ),
    "linkage.no_columns": Text(
        "{file} 中找不到模型要用的任何列；模型的列：{wanted}。请在规格的 [columns] 里写明",
        "{file} has none of the model's columns ({wanted}); name them under [columns] of the spec",
    ),
    "linkage.spec": Text(
        "规格文件 {file} 有误：{detail}。写法见使用指南 linkage.md",
        "Spec {file} is wrong: {detail}. The guide linkage.md shows how to write one",
    ),
    "linkage.model": Text(
        "没有模型 {name}；随软件提供的有：{shipped}，也可写模型文件的路径",
        "There is no model {name}; shipped are: {shipped}; or give a model file's path",
    ),
    "linkage.bad_model": Text(
        "模型文件 {file} 有误：{detail}，请重新训练",
        "Model file {file} is wrong: {detail}; train it again",
    ),
    "linkage.register_name": Text(
        "登记库的文件名要以 .register 结尾，{file} 不是",
        "A register's name ends in .register; {file} does not",
    ),
    "linkage.register": Text(
        "登记库 {file} 不是用这个模型的列建的，请用 shanhai link index 重建",
        "Register {file} was not made for this model's columns; make it again with shanhai link index",
    ),
    "linkage.duplicates": Text(
        "{file} 的重复率 {share} 超过规格允许的 {ceiling}，没有写出结果；请先清理，或调整 max_duplicates",
        "{share} of {file} are duplicates, over the {ceiling} that the spec allows; clean it first, or raise max_duplicates",
    ),
    "linkage.same_file": Text(
        "{file} 既是输入又是输出，请换一个输出文件名",
        "{file} is both read and written; name another output",
    ),
    "linkage.same_result": Text(
        "两个结果都要写到 {file}，请各用一个文件名",
        "Two results would both be written to {file}; give each a name of its own",
    ),
    "linkage.filters_kind": Text(
        "布隆过滤器写成 .parquet，请改 {file} 的后缀",
        "Filters are written as .parquet; rename {file}",
    ),
    "linkage.private_file": Text(
        "{file} 不是标记、过滤器或求交步骤的文件，请核对是哪一步写出的",
        "{file} holds no tokens, filters or step of an intersection; check which step wrote it",
    ),
    "linkage.private_differ": Text(
        "{file} 与 {other} 的列、密钥或项目名不同，无法比对；双方用同一密钥和 --project，并用 --columns 写明共有的列",
        "{file} and {other} differ in columns, key or project; use one key and --project, and name the shared --columns",
    ),
    "linkage.psi_most": Text(
        "{file} 询问 {count} 个号码，超过允许的 {most} 个；请核实来由，再用 --most 放宽",
        "{file} asks about {count} numbers, more than {most}; find out why before raising --most",
    ),
    "linkage.key": Text(
        "密钥文件 {file} 至少要有 {bytes} 个字节的随机内容，可用命令生成：openssl rand -hex 32",
        "Key file {file} needs at least {bytes} random bytes; make one with: openssl rand -hex 32",
    ),
    "linkage.labels": Text(
        "训练要有至少 {least} 对已知是同一人的记录，现有 {found} 对",
        "Training needs at least {least} pairs known to be the same person; there are {found}",
    ),
}
