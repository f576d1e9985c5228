"""Words of the HTML pages alone; those that every format uses are in `words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sensscan.language import Text

PAGE: Mapping[str, Text] = MappingProxyType(
    {
        "skip": Text("Skip to the list of columns", "跳到列清单"),
        "print": Text("Print", "打印"),
        "search": Text("Search table, column, type, comment", "搜索表、列、类型、注释"),
        "all_types": Text("All types", "全部类型"),
        "all_schemas": Text("All schemas", "全部库/模式"),
        "all_statuses": Text("All statuses", "全部状态"),
        "all_levels": Text("All levels", "全部级别"),
        "all_changes": Text("Any change", "不限变化"),
        "none_status": Text("no label", "无标签"),
        "reset": Text("Clear filters", "清除筛选"),
        "sort": Text("Sort by", "排序"),
        "shown": Text("shown", "项"),
        "of": Text("of", "/ 共"),
        "details": Text("Details of the column", "列详情"),
        "close": Text("Close", "关闭"),
        "pick": Text("Choose a column to see why it was judged so.", "选择一列，查看判定依据。"),
        "nothing": Text("No column meets these filters.", "没有符合筛选条件的列。"),
        "shortcuts": Text("Keys: / search, ↑ ↓ move, Enter open, Esc close", "快捷键：/ 搜索，↑ ↓ 移动，Enter 打开，Esc 关闭"),
        "unread_title": Text(
            "Not read, or not judged in full: this report says nothing, or not everything, about these",
            "未读取，或未完整判断：本报告对以下对象没有结论，或结论不完整",
        ),
        "unread_hint": Text(
            "A column that was not read may hold anything. Grant the right or raise the limit, repair the detector that was cut off, "
            "and scan again.",
            "未读取的列可能包含任何数据。请授予权限、放宽限额或修复被中止的检测器后重新扫描。",
        ),
        "everything_below": Text("everything below", "其下全部"),
        "column_count": Text("columns", "列"),
        "more_groups": Text("more; all columns are in the list below under “Not read”", "组未列出；全部列见下方清单的“未读取”"),
        "about": Text("About this run", "关于本次扫描"),
        "level_legend": Text("Levels of the policy", "策略的级别"),
        "score": Text("The weights of one type add up (natural logarithm); more is surer.", "同一类型的权重相加（自然对数），越大越确定。"),
        "total": Text("Sum", "合计"),
        "other_lines": Text("Evidence for other types", "其他类型的证据"),
        "script_off": Text(
            "The list of columns needs JavaScript; it is part of this file and loads nothing.",
            "列清单需要启用 JavaScript；脚本在本文件内，不会加载任何外部内容。",
        ),
        "too_old": Text(
            "This browser is too old to show details (it lacks DecompressionStream).",
            "浏览器版本过旧，无法显示详情（缺少 DecompressionStream）。",
        ),
        "print_cut": Text("Only the first rows are printed. Filter the list to print others.", "仅打印前若干行；如需其他行，请先筛选。"),
        "tables_search": Text("Search tables", "搜索表"),
        "hidden": Text(
            "Findings not shown (below the wanted confidence, or under an exception)", "未显示的发现（低于要求的把握度，或属于例外）"
        ),
        "below": Text("less than", "低于"),
        "of_rows": Text("of the rows", "的行"),
        "no_schema_findings": Text("No findings.", "没有发现。"),
        "generated": Text("Made by sensscan", "由 sensscan 生成"),
        "examples_note": Text("Examples are masked; clear values are never stored.", "示例均已脱敏；明文从不保存。"),
        "position": Text("Position", "位置"),
        "references": Text("References", "引用"),
        "distinct_hits": Text("distinct", "不同值"),
        "previous": Text("before", "之前"),
        "diff_title": Text("Comparison of two runs", "两次扫描对比"),
        "diff_more": Text("more; write the comparison as .json or .csv to see all", "项未列出；请输出为 .json 或 .csv 查看全部"),
    }
)
