"""What an import may complain about; every sentence says how to mend it, in both languages."""

import msgspec

from shanhai.kernel.text import TEXTS, Facts, Text


class Problem(msgspec.Struct, frozen=True):
    """A complaint at a place.

    Attributes:
        sheet: Name of the sheet, blank for the whole file.
        row: Row as the spreadsheet counts it, from 1; 0 for the whole sheet or file.
        column: Letter of the column, blank for the whole row.
        code: `import.…`, stable for programs.
        zh: The sentence in Chinese.
        en: The sentence in English.
    """

    sheet: str
    row: int
    column: str
    code: str
    zh: str
    en: str


def letter(column: int) -> str:
    """Return the letter of a zero-based column: 0 → A, 27 → AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def problem(
    code: str,
    sheet: str = "",
    row: int = 0,
    column: int | None = None,
    facts: Facts | None = None,
) -> Problem:
    """Make a complaint with its sentence filled in.

    Args:
        code: A code of `TEXTS`.
        sheet: Name of the sheet.
        row: Row, from 1.
        column: Column, from 0.
        facts: What the sentence names.
    """
    text = TEXTS[code]
    place = "" if column is None else letter(column)
    return Problem(sheet, row, place, code, text.say("zh", facts), text.say("en", facts))


TEXTS |= {
    "import.file.missing": Text("找不到文件 {name}，请核对路径", "No file {name}; check the path"),
    "import.file.too_large": Text(
        "文件超过 {limit} MB，请按县或年度拆分后再传",
        "The file exceeds {limit} MB; split it by county or year",
    ),
    "import.file.empty": Text("文件是空的，请重新导出", "The file is empty; export it again"),
    "import.file.kind": Text(
        "不支持 {suffix} 文件，请另存为 .xlsx、.xls 或 .csv",
        "{suffix} files are not read; save it as .xlsx, .xls or .csv",
    ),
    "import.file.mismatch": Text(
        "文件内容与扩展名 {suffix} 不符，请在表格软件中打开后另存为 .xlsx",
        "The content does not match the extension {suffix}; open it in a spreadsheet program and save as .xlsx",
    ),
    "import.file.macros": Text(
        "文件含宏，不予读取；请另存为不含宏的 .xlsx",
        "The file holds macros; save it as .xlsx without macros",
    ),
    "import.file.password": Text(
        "文件有打开密码，请取消密码后再传",
        "The file is password-protected; remove the password first",
    ),
    "import.file.broken": Text(
        "文件已损坏或不完整，请在表格软件中打开后另存再传",
        "The file is damaged or cut short; open it in a spreadsheet program and save it again",
    ),
    "import.file.bomb": Text(
        "压缩内容异常（{detail}），不予读取；请在表格软件中另存再传",
        "The archive is abnormal ({detail}) and is not read; save it again in a spreadsheet program",
    ),
    "import.file.embedded": Text(
        "文件中嵌有其他文件（{detail}），请删除嵌入对象后再传",
        "Another file is embedded ({detail}); delete the embedded object first",
    ),
    "import.file.external": Text(
        "文件引用外部数据（{detail}），请断开链接、粘贴为数值后再传",
        "The file refers to outside data ({detail}); break the links and paste values first",
    ),
    "import.file.entities": Text(
        "文件含 XML 实体或文档类型声明（{detail}），不予读取；请在表格软件中另存再传",
        "The file declares XML entities or a document type ({detail}) and is not read; save it again in a spreadsheet program",
    ),
    "import.file.memory": Text(
        "表格过大，或在远处有零星内容；请删除空白行列以外的内容，或拆分后再传",
        "The table is too large or has stray cells far away; delete them or split the file",
    ),
    "import.file.time": Text(
        "读取超过 {limit} 秒，请拆分文件后再传", "Reading took over {limit} seconds; split the file"
    ),
    "import.file.encoding": Text(
        "认不出文字编码，请另存为 UTF-8 或 .xlsx",
        "The text encoding is unknown; save as UTF-8 or .xlsx",
    ),
    "import.sheet.hidden": Text(
        "工作表“{name}”是隐藏的，没有读取；需要时请取消隐藏",
        "Sheet “{name}” is hidden and was not read; unhide it if needed",
    ),
    "import.sheet.no_table": Text(
        "没有找到表头：需要一行含“项目名称”和“投资(万元)”或“资金来源”的标题",
        "No heading row found: one row must hold “项目名称” (project name) and “投资(万元)” (amount) or “资金来源” (fund source)",
    ),
    "import.columns.missing": Text(
        "表头缺少 {names}，请补上该列或在映射中指定",
        "The heading row lacks {names}; add the column or choose it in the mapping",
    ),
    "import.unit.unknown": Text(
        "看不出金额单位，请在标题写明(万元)或(元)，或在映射中选择",
        "The unit of the amounts is not stated; write (万元) or (元) in the heading or choose it in the mapping",
    ),
    "import.unit.assumed": Text(
        "没有写明金额单位，按数值大小读作{unit}，请核对",
        "No unit is stated; the amounts were read as {unit} by their size; please check",
    ),
    "import.unit.contradiction": Text(
        "金额“{value}”的单位与标题的{unit}矛盾，请统一单位",
        "The unit of “{value}” contradicts the heading's {unit}; use one unit",
    ),
    "import.unit.conflict": Text(
        "表头写{heading}，表上方写单位：{title}，请改成一致",
        "The heading says {heading}, the line above says {title}; make them agree",
    ),
    "import.unit.too_large": Text(
        "“{value}”{unit}超过十亿元，疑似把元填进{unit}栏；请改单位，属实请在映射中确认单位",
        "“{value}” {unit} exceeds one billion yuan, as if yuan stood in a {unit} column; mend the unit, or confirm it in the mapping",
    ),
    "import.unit.too_small": Text(
        "“{value}”元不足一千元，疑似把万元填进元栏；请改单位，属实请在映射中确认单位",
        "“{value}” yuan is under a thousand, as if 万元 stood in a yuan column; mend the unit, or confirm it in the mapping",
    ),
    "import.amount.text": Text(
        "“{value}”不是金额，请只填数字；尚未确定请留空",
        "“{value}” is no amount; write a number only, or leave it blank if unknown",
    ),
    "import.amount.negative": Text(
        "金额“{value}”是负数；调减请走项目调整，不要导入负数",
        "The amount “{value}” is negative; reduce by an adjustment, not by import",
    ),
    "import.amount.zero": Text(
        "金额为 0；尚未确定请留空，不要填 0", "The amount is 0; leave it blank if it is unknown"
    ),
    "import.amount.fraction": Text(
        "“{value}”不足一分，请保留到分", "“{value}” goes below one fen; round it"
    ),
    "import.amount.formula": Text(
        "公式没有保存计算结果，请在表格软件中重新计算并保存，或粘贴为数值",
        "The formula has no saved result; recalculate and save, or paste the value",
    ),
    "import.amount.merged": Text(
        "一个合并的金额对应多个项目，请拆分到每个项目",
        "One merged amount covers several projects; split it among them",
    ),
    "import.amount.several": Text(
        "“{value}”含多个金额，看不出哪个是总额；请写明总投资或另设金额列",
        "“{value}” holds several amounts without a total; state the total or add an amount column",
    ),
    "import.amount.summed": Text(
        "同一项目有多个金额，已相加，请核对",
        "Several amounts of one project were added up; please check",
    ),
    "import.amount.unknown": Text(
        "没有写明金额，按“—”（不详）导入", "No amount is stated; imported as — (unknown)"
    ),
    "import.amount.parts": Text(
        "分项资金之和 {sum_fen} 元大于总投资 {total_fen} 元，请核对",
        "The parts add up to {sum_fen} yuan, over the total of {total_fen}; please check",
    ),
    "import.name.missing": Text(
        "缺少项目名称，请补填；不是项目请删除该行",
        "The project name is missing; fill it in or delete the row",
    ),
    "import.row.only_name": Text(
        "该行只有“{value}”，没有其他内容；请补全，分类标题请写成“一、…”",
        "The row holds only “{value}”; complete it, or write a section heading as “一、…”",
    ),
    "import.row.duplicate": Text(
        "与第 {first} 行是同一项目（县、名称、地点相同），请合并或写清区别",
        "Same project as row {first} (county, name and place); merge them or tell them apart",
    ),
    "import.cell.formula": Text(
        "内容以“{value}”开头，像公式；请改成普通文字",
        "The text begins with “{value}” like a formula; write plain text",
    ),
    "import.cell.error": Text(
        "单元格是错误值 {value}，请修正公式", "The cell holds the error {value}; mend the formula"
    ),
    "import.cell.long": Text(
        "内容超过 {limit} 字，请精简", "The text exceeds {limit} characters; shorten it"
    ),
    "import.count.invalid": Text(
        "“{value}”不是整数，请只填数字", "“{value}” is no whole number; write digits only"
    ),
    "import.date.invalid": Text(
        "“{value}”不是日期，请写成 2021-07 或 2021年7月",
        "“{value}” is no date; write 2021-07 or 2021年7月",
    ),
    "import.date.ambiguous": Text(
        "“{value}”可能是 1 月也可能是 10 月（表格会吞掉末尾的 0），按 1 月读，请核对",
        "“{value}” may be January or October (a spreadsheet drops the last 0); read as January; please check",
    ),
    "import.date.order": Text(
        "完工 {end} 早于开工 {start}，请核对",
        "The end {end} is before the start {start}; please check",
    ),
    "import.county.missing": Text(
        "看不出属于哪个县，请加“县(市、区)”列、在标题写明县名，或在映射中选择",
        "The county is not stated; add a county column, name it in the title, or choose it in the mapping",
    ),
    "import.county.unknown": Text(
        "没有找到“{value}”这个县，请写全称或六位代码",
        "No county “{value}”; write its full name or six-digit code",
    ),
    "import.county.ambiguous": Text(
        "“{value}”有多个：{places}；请加上市州或填六位代码",
        "“{value}” is ambiguous: {places}; add the prefecture or write the six-digit code",
    ),
    "import.county.too_wide": Text(
        "“{value}”不是县级，请写到县", "“{value}” is no county; name the county"
    ),
    "import.county.prefecture": Text(
        "按市州级“{value}”导入；能到县请写县名",
        "Imported for the prefecture “{value}”; name the county if you can",
    ),
    "import.county.renamed": Text(
        "“{value}”已更名，按{today}导入", "“{value}” was renamed; imported as {today}"
    ),
    "import.total.mismatch": Text(
        "合计 {stated_fen} 元，逐行相加 {sum_fen} 元，两者不符，请核对",
        "The total says {stated_fen} yuan, the rows add up to {sum_fen}; please check",
    ),
    "import.total.unchecked": Text(
        "合计行没有核对：有的行没有金额或没有读入",
        "The total was not checked: some rows have no amount or were not read",
    ),
    "import.internal": Text(
        "读取失败，请把文件另存为 .xlsx 再试",
        "Reading failed; save the file as .xlsx and try again",
    ),
}
