"""The words that every report uses, in both languages, so that no screen is half translated."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from sensscan.language import Language, Text
from sensscan.model import ColumnResult, ReportColumn

State = Literal["finding", "undecided", "unread", "rejected", "clear"]
"""What a reader wants to know first of a column; `unread` says nothing about the column, `rejected` is no finding any more."""

STATES: Mapping[str, Text] = MappingProxyType(
    {
        "finding": Text("Findings", "发现"),
        "undecided": Text("Undecided", "无法判定"),
        "unread": Text("Not read", "未读取"),
        "rejected": Text("Rejected by a person", "人工驳回"),
        "clear": Text("Nothing found", "未发现"),
    }
)
VERDICTS: Mapping[str, Text] = MappingProxyType(
    {
        "is": Text("is", "是"),
        "contains": Text("contains", "包含"),
        "none": Text("nothing found", "未发现"),
        "unknown": Text("undecided", "无法判定"),
    }
)
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "empty": Text("no values", "没有值"),
        "placeholders": Text("only placeholders", "只有占位值"),
        "too_few": Text("too few values", "值太少"),
        "ambiguous": Text("ambiguous", "含义不明"),
        "encrypted": Text("encrypted", "已加密"),
        "permission": Text("no permission", "没有权限"),
        "timeout": Text("timed out", "超时"),
        "lost": Text("not reachable", "无法访问"),
        "failed": Text("failed", "读取失败"),
        "budget": Text("over budget", "超出读取限额"),
        "excluded": Text("excluded", "已排除"),
        "unsupported": Text("not supported", "不支持"),
    }
)
STATUSES: Mapping[str, Text] = MappingProxyType(
    {
        "found": Text("found", "扫描发现"),
        "confirmed": Text("confirmed", "已确认"),
        "rejected": Text("rejected", "已驳回"),
        "manual": Text("set by hand", "人工设定"),
    }
)
FLAGS: Mapping[str, Text] = MappingProxyType(
    {
        "masked": Text("masked", "已脱敏"),
        "hashed": Text("hashed", "已散列"),
        "encrypted": Text("encrypted", "已加密"),
        "damaged": Text("damaged", "已损坏"),
        "credentials": Text("credentials", "含凭据"),
        "free_text": Text("free text", "自由文本"),
        "test_data": Text("test data", "测试数据"),
    }
)
KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "prior": Text("before looking", "先验"),
        "name": Text("column name", "列名"),
        "comment": Text("comment", "注释"),
        "db_type": Text("declared type", "声明类型"),
        "values": Text("values", "取值"),
        "context": Text("context", "上下文"),
        "link": Text("linked column", "关联列"),
        "contains": Text("inside values", "值内内容"),
        "mask": Text("masked values", "脱敏值"),
    }
)
METHODS: Mapping[str, Text] = MappingProxyType(
    {
        "all": Text("all rows", "全部行"),
        "tablesample": Text("random blocks (TABLESAMPLE)", "随机数据块（TABLESAMPLE）"),
        "blocks": Text("random blocks", "随机数据块"),
        "key_jumps": Text("jumps over the key", "按主键跳读"),
        "head": Text("first rows only", "仅最前面的行"),
        "view_head": Text("first rows of the view", "视图最前面的行"),
        "none": Text("not read", "未读取"),
    }
)
TABLE_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "table": Text("table", "表"),
        "view": Text("view", "视图"),
        "materialized_view": Text("materialised view", "物化视图"),
        "partitioned": Text("partitioned table", "分区表"),
        "foreign": Text("foreign table", "外部表"),
        "virtual": Text("virtual table", "虚拟表"),
    }
)
MODES: Mapping[str, Text] = MappingProxyType(
    {
        "full": Text("full", "全量"),
        "incremental": Text("incremental", "增量"),
        "manual": Text("manual", "手动"),
        "watch": Text("watch", "监听"),
    }
)
OUTCOMES: Mapping[str, Text] = MappingProxyType(
    {
        "complete": Text("complete", "完整"),
        "incomplete": Text("incomplete", "不完整"),
        "interrupted": Text("interrupted", "已中断"),
    }
)
CHANGES: Mapping[str, Text] = MappingProxyType(
    {
        "new": Text("new", "新增"),
        "changed": Text("changed", "变更"),
        "gone": Text("gone", "消失"),
        "": Text("same", "未变"),
    }
)
STEPS: Mapping[str, Text] = MappingProxyType(
    {
        "enumerate": Text("enumerate", "读取目录"),
        "fetch": Text("fetch", "取样"),
        "detect": Text("detect", "检测"),
        "classify": Text("classify", "判定"),
        "store": Text("store", "保存"),
    }
)
OWNER_KEYS: Mapping[str, Text] = MappingProxyType(
    {
        "department": Text("department", "部门"),
        "steward": Text("steward", "负责人"),
        "system": Text("system", "系统"),
    }
)

W: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Sensitive data report", "敏感数据扫描报告"),
        "source": Text("Source", "数据源"),
        "sources": Text("Sources", "数据源"),
        "run": Text("Run", "扫描编号"),
        "mode": Text("Mode", "扫描模式"),
        "policy": Text("Policy", "分级策略"),
        "outcome": Text("Outcome", "结果"),
        "started": Text("Started", "开始"),
        "finished": Text("Finished", "结束"),
        "duration": Text("Duration", "用时"),
        "version": Text("Version", "版本"),
        "seed": Text("Seed", "随机种子"),
        "events": Text("Event log head", "事件日志末端"),
        "schema": Text("Schema", "库/模式"),
        "table": Text("Table", "表"),
        "tables": Text("Tables", "表"),
        "column": Text("Column", "列"),
        "columns": Text("Columns", "列"),
        "examined": Text("Columns examined", "已检查列"),
        "kept": Text("Columns kept from earlier runs", "沿用以前结果的列"),
        "rows_read": Text("Rows read", "读取行数"),
        "values_examined": Text("Values examined", "检查值数"),
        "type": Text("Type", "类型"),
        "level": Text("Level", "级别"),
        "confidence": Text("Confidence", "把握度"),
        "sure": Text("Sure", "把握度"),
        "share": Text("Share", "占比"),
        "verdict": Text("Verdict", "判定"),
        "status": Text("Status", "状态"),
        "owner": Text("Owner", "责任方"),
        "change": Text("Change", "变化"),
        "reason": Text("Reason", "原因"),
        "note": Text("Notes", "备注"),
        "flags": Text("Flags", "标志"),
        "category": Text("Category", "类别"),
        "data_type": Text("Database type", "数据库类型"),
        "comment": Text("Comment", "注释"),
        "coverage": Text("What was looked at", "检查范围"),
        "method": Text("Reading", "取样方式"),
        "rows": Text("Rows", "行数"),
        "non_null": Text("Not null", "非空值"),
        "distinct": Text("Distinct", "不同值"),
        "placeholders": Text("Placeholders", "占位值"),
        "row_estimate": Text("Rows in the table (estimate)", "表的行数（估计）"),
        "complete": Text("Every row read", "已读全部行"),
        "miss_below": Text("Could have been missed (95 %)", "可能漏检的占比（95 %）"),
        "evidence": Text("Evidence", "证据"),
        "weight": Text("Weight", "权重"),
        "scorecard": Text("Scorecard", "评分明细"),
        "examples": Text("Examples (masked)", "示例（已脱敏）"),
        "passed": Text("Passed", "通过"),
        "contains": Text("Contains", "包含"),
        "also": Text("Also", "同时是"),
        "alternatives": Text("Came near", "接近的类型"),
        "because": Text("Level because of rules", "定级依据规则"),
        "marks": Text("Marks", "标记"),
        "conflict": Text("Conflict with a later finding", "与后来的发现冲突"),
        "conflicting": Text("conflict", "有冲突"),
        "excepted": Text("Hidden by exception", "被例外规则隐藏"),
        "examined_in": Text("Looked at in run", "检查所在的扫描"),
        "path": Text("Path", "路径"),
        "by_level": Text("Columns by level", "按级别统计"),
        "by_type": Text("Findings by type", "按类型统计"),
        "by_schema": Text("Findings by schema", "按库/模式统计"),
        "since_last": Text("Since the last run", "与上次扫描相比"),
        "findings": Text("Findings", "发现"),
        "not_read": Text("Not read", "未读取"),
        "undecided": Text("Undecided", "无法判定"),
        "clear": Text("Nothing found", "未发现"),
        "sensitive": Text("Sensitive", "敏感列"),
        "unknown": Text("Unknown", "未知"),
        "overview": Text("Overview", "概览"),
        "dictionary": Text("Dictionary", "字典"),
        "rank": Text("Rank", "等级序号"),
        "color": Text("Colour", "颜色"),
        "id": Text("Id", "编号"),
        "name": Text("Name", "名称"),
        "kind": Text("Kind", "种类"),
        "all": Text("All", "全部"),
        "yes": Text("yes", "是"),
        "no": Text("no", "否"),
        "value": Text("Value", "值"),
        "where": Text("Object", "对象"),
        "old": Text("Before", "之前"),
        "new": Text("Now", "现在"),
        "timings": Text("Time by step", "各步骤用时"),
        "colon": Text(": ", "："),
        "comma": Text(", ", "、"),
        "no_findings": Text("No sensitive column was found among the columns that were read.", "在已读取的列中没有发现敏感列。"),
        "no_tables": Text("There was no table to look at: this says nothing about the database.", "没有可检查的表，不能据此得出任何结论。"),
        "all_read": Text("Everything that was asked for has been read.", "要求检查的内容均已读取。"),
        "first_run": Text("The first run of these sources: there is nothing to compare with.", "这是首次扫描，没有可比较的结果。"),
        "no_change": Text("No label has changed since the last run.", "自上次扫描以来，标签没有变化。"),
    }
)


def state_of(column: ReportColumn) -> State:
    """Return the state of `column` (see `State`)."""
    if not isinstance(column.outcome, ColumnResult):
        return "unread"
    if column.rejected:
        return "rejected"
    match column.outcome.classification.verdict:
        case "is" | "contains":
            return "finding"
        case "none":
            return "clear"
        case _:
            return "undecided"


def word(words: Mapping[str, Text], key: str, language: Language) -> str:
    """Return the word for `key`, or the key itself: a newer store may hold keys that this version does not know."""
    text = words.get(key)
    return text.pick(language) if text is not None else key
