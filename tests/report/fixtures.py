"""Reports for the tests: a small bank, the same with hostile names, and a generated one of any size."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sensscan.language import Text
from sensscan.model import (
    UNKNOWN_LEVEL,
    Also,
    Alternative,
    Classification,
    Column,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Contained,
    Coverage,
    Evidence,
    Family,
    Flag,
    Grade,
    LevelView,
    Reason,
    ReasonCode,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
    SkippedColumn,
    SkippedObject,
    Table,
    TableRef,
    TagStatus,
)
from sensscan.report.assemble import skipped_column

SOURCE = "mysql://10.20.0.15:3306"
NONE = LevelView("none", 0, Text("No risk", "无风险"), "#2e7d32")
LOW = LevelView("low", 1, Text("Low risk", "低风险"), "#1565c0")
MEDIUM = LevelView("medium", 2, Text("Medium risk", "中风险"), "#b26a00")
HIGH = LevelView("high", 3, Text("High risk", "高风险"), "#c62828")
LEVELS = (NONE, LOW, MEDIUM, HIGH)
LABELS = {
    "id_card": Text("Resident identity card", "居民身份证"),
    "person_name": Text("Personal name", "姓名"),
    "mobile_phone": Text("Mobile phone", "手机号"),
    "bank_card": Text("Bank card", "银行卡号"),
    "address": Text("Address", "地址"),
    "email": Text("E-mail", "电子邮箱"),
    "uscc": Text("Unified social credit code", "统一社会信用代码"),
    "license_plate": Text("Licence plate", "车牌号"),
    "birth_date": Text("Date of birth", "出生日期"),
    "gender": Text("Gender", "性别"),
    "ipv4": Text("IPv4 address", "IPv4 地址"),
    "company_name": Text("Company name", "公司名称"),
    "password_hash": Text("Password hash", "密码散列"),
    "none": Text("Nothing found", "未发现"),
    "unknown": Text("Undecided", "无法判定"),
}
CATEGORY = {"id_card": "personal.identity", "bank_card": "personal.account", "mobile_phone": "personal.contact", "none": "none"}
LEVEL_OF = {
    "id_card": HIGH,
    "bank_card": HIGH,
    "password_hash": HIGH,
    "person_name": MEDIUM,
    "mobile_phone": MEDIUM,
    "address": MEDIUM,
    "email": MEDIUM,
    "license_plate": MEDIUM,
    "birth_date": MEDIUM,
    "uscc": LOW,
    "gender": LOW,
    "ipv4": LOW,
    "company_name": LOW,
    "none": NONE,
    "unknown": UNKNOWN_LEVEL,
}
EXAMPLES = {
    "id_card": ("110***********001X", "440***********2134"),
    "mobile_phone": ("138****1234", "159****8877"),
    "person_name": ("王*", "欧阳*"),
    "bank_card": ("622***********0018",),
    "email": ("l***@example.com",),
    "address": ("北京市****",),
}


@dataclass(frozen=True)
class Spec:
    """One column of a fixture."""

    table: str
    name: str
    type_id: str
    data_type: str = "varchar(64)"
    comment: str = ""
    confidence: float = 0.99
    contains: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    reason: ReasonCode | None = None
    read: bool = True
    status: TagStatus | None = None
    change: str = ""
    also: str = ""
    conflict: str = ""
    schema: str = "core_bank"
    excepted: str = ""


BANK: tuple[Spec, ...] = (
    Spec("customer", "id", "none", "bigint", "主键", 0.998),
    Spec("customer", "cust_name", "person_name", "varchar(32)", "客户姓名", 0.991, status="confirmed"),
    Spec("customer", "cert_no", "id_card", "varchar(18)", "证件号码", 0.9997, status="confirmed"),
    Spec("customer", "mobile", "mobile_phone", "varchar(20)", "手机号", 0.999, change="changed"),
    Spec("customer", "email", "email", "varchar(80)", "", 0.998),
    Spec("customer", "sex", "gender", "char(1)", "性别", 0.93),
    Spec("customer", "birthday", "birth_date", "date", "出生日期", 0.97, also="id_card"),
    Spec("customer", "home_addr", "address", "varchar(200)", "家庭住址", 0.984),
    Spec("customer", "vip_level", "none", "int", "客户等级", 0.99),
    Spec("account", "acct_id", "none", "bigint", "", 0.98),
    Spec("account", "card_no", "bank_card", "varchar(19)", "卡号", 0.9991, flags=("masked",)),
    Spec("account", "balance", "none", "decimal(18,2)", "余额", 0.995),
    Spec("account", "opened_at", "none", "datetime", "开户时间", 0.96),
    Spec("account", "pwd", "password_hash", "varchar(100)", "", 0.97, flags=("hashed", "credentials"), change="new"),
    Spec("corp_client", "corp_name", "company_name", "varchar(120)", "企业名称", 0.95),
    Spec("corp_client", "credit_code", "uscc", "varchar(18)", "统一社会信用代码", 0.9994),
    Spec("corp_client", "legal_person", "person_name", "varchar(40)", "法定代表人", 0.88, status="manual", conflict="address medium"),
    Spec(
        "service_log", "payload", "mobile_phone", "json", "请求报文", 0.91,
        contains=("mobile_phone", "person_name"), flags=("free_text",), schema="crm",
    ),
    Spec("service_log", "client_ip", "ipv4", "varchar(45)", "", 0.985, schema="crm"),
    Spec("service_log", "remark", "unknown", "text", "备注", 0.41, reason="ambiguous", schema="crm"),
    Spec("service_log", "old_ref", "unknown", "varchar(20)", "", 0.3, reason="empty", schema="crm"),
    Spec("vehicle", "plate_no", "license_plate", "varchar(10)", "车牌", 0.96, schema="crm", status="rejected"),
    Spec("vehicle", "test_phone", "mobile_phone", "varchar(20)", "测试号码", 0.9, schema="crm", excepted="exc-12", flags=("test_data",)),
    Spec("salary_2025", "emp_no", "unknown", "varchar(20)", "", 0.0, reason="permission", read=False, schema="hr"),
    Spec("salary_2025", "amount", "unknown", "decimal(12,2)", "工资", 0.0, reason="permission", read=False, schema="hr"),
    Spec("big_history", "body", "unknown", "longtext", "", 0.0, reason="timeout", read=False),
)  # fmt: skip

REASONS = {
    "ambiguous": Text("Two types are about equally likely.", "两种类型的可能性相近。"),
    "empty": Text("All 1,000 rows read are NULL.", "读取的 1,000 行全部为 NULL。"),
    "permission": Text("The account may not SELECT from this table.", "账号没有该表的 SELECT 权限。"),
    "timeout": Text("No answer within 30 s.", "30 秒内没有返回。"),
}


def reason(code: ReasonCode) -> Reason:
    return Reason(code, REASONS[code])


def evidence_for(spec: Spec) -> tuple[Evidence, ...]:
    """A scorecard of the usual kinds."""
    type_id = spec.type_id
    if type_id in ("none", "unknown"):
        return (Evidence("none", "values", "values", 1.2, Text("No type passes on the values.", "没有类型与取值相符。"), tested=256),)
    label = LABELS[type_id]
    return (
        Evidence(type_id, "prior", "prior", -4.1, Text(f"{label.en} is rare among all columns.", f"{label.zh}在所有列中较少见。")),
        Evidence(
            type_id, "name", "names", 3.4, Text(f'The column name "{spec.name}" is a word for it.', f"列名“{spec.name}”是该类型的用词。")
        ),
        Evidence(
            type_id,
            "values",
            f"{type_id}.values",
            6.25,
            Text("251 of 256 distinct values pass pattern and check.", "256 个不同值中有 251 个通过格式和校验。"),
            251,
            3,
            256,
            EXAMPLES.get(type_id, ()),
        ),
        Evidence("none", "values", "values", -0.8, Text("The values are not like other data.", "取值不像其他数据。")),
    )


def contained(spec: Spec) -> tuple[Contained, ...]:
    paths = ("$.customer.phone", None)
    return tuple(Contained(type_id, 312, 290, 0.3201, path, 0.9) for type_id, path in zip(spec.contains, paths, strict=False))


def report_column(spec: Spec, position: int, source: str = SOURCE) -> ReportColumn:
    ref = ColumnRef(source, spec.schema, spec.table, spec.name)
    column = Column(ref, spec.data_type, Family.TEXT, position, spec.comment, is_key=spec.name == "id")
    outcome: ColumnOutcome
    if spec.read:
        verdict = "contains" if spec.contains else "unknown" if spec.reason else "none" if spec.type_id == "none" else "is"
        classification = Classification(
            verdict,  # type: ignore[arg-type]  # one of the four by construction
            spec.type_id,
            spec.confidence,
            contains=contained(spec),
            also=(Also(spec.also, 0.2, Text("the name says so", "列名表明")),) if spec.also else (),
            alternatives=(Alternative("email", 0.004),) if spec.type_id == "mobile_phone" else (),
            flags=spec.flags,
            evidence=evidence_for(spec),
            reason=reason(spec.reason) if spec.reason else None,
        )
        outcome = ColumnResult(column, classification, Coverage("key_jumps", 1000, 975, 960, 4, False, 1_250_000, 0.003))
    else:
        assert spec.reason
        outcome = SkippedColumn(column, reason(spec.reason))
    because = ("K3",) if spec.type_id not in ("none", "unknown") else ()
    grade = Grade(LEVEL_OF[spec.type_id], "default", CATEGORY.get(spec.type_id, "personal.other"), because)
    return ReportColumn(
        column,
        "table",
        outcome,
        grade,
        LABELS[spec.type_id],
        spec.status or ("found" if because else None),
        {"department": "零售金融部", "steward": "数据治理组"} if spec.table == "customer" else {},
        "20261121-2058-k3f9",
        conflict=spec.conflict,
        excepted=spec.excepted,
        change=spec.change,
        previous="email medium" if spec.change == "changed" else "",
    )


def make_report(specs: Sequence[Spec], extra_skipped: Sequence[SkippedObject] = (), source: str = SOURCE) -> Report:
    columns = []
    positions: Counter[tuple[str, str]] = Counter()
    for spec in specs:
        positions[spec.schema, spec.table] += 1
        columns.append(report_column(spec, positions[spec.schema, spec.table], source))
    by_table: dict[TableRef, list[ReportColumn]] = {}
    for column in columns:
        by_table.setdefault(column.column.ref.table_ref, []).append(column)
    tables = tuple(report_table(ref, members) for ref, members in by_table.items())
    skipped = tuple(skipped_column(c.outcome) for c in columns if isinstance(c.outcome, SkippedColumn))
    run = RunSummary(
        id="20261121-2058-k3f9",
        mode="incremental",
        outcome="incomplete" if skipped else "complete",
        started_at=datetime(2026, 11, 21, 20, 58, 3, tzinfo=UTC),
        finished_at=datetime(2026, 11, 21, 20, 59, 41, tzinfo=UTC),
        version="0.1.0",
        policy="default@3",
        sources=(source,),
        tables=len(tables),
        columns_examined=len(columns) - len(skipped),
        columns_kept=0,
        rows_read=len(tables) * 1000,
        values_examined=len(columns) * 256,
        events_count=184,
        events_head="9f2c4e7a51d0b86377aa",
        timings={"enumerate": 0.41, "fetch": 61.2, "detect": 12.8, "classify": 1.9, "store": 0.7},
        exceptions_hidden=sum(1 for spec in specs if spec.excepted),
        fail_on="high",
        fail_on_reached=True,
    )
    return Report(run, tuple(columns), tables, skipped + tuple(extra_skipped), LEVELS, LABELS)


def report_table(ref: TableRef, members: Sequence[ReportColumn]) -> ReportTable:
    top = max((c.grade for c in members), key=lambda grade: -1 if grade.level.rank is None else grade.level.rank)
    table = Table(ref, "table", tuple(c.column for c in members), "", ("id",), 1_250_000)
    read = any(isinstance(c.outcome, ColumnResult) for c in members)
    sensitive = sum(1 for c in members if c.grade.level.rank)
    unknown = sum(1 for c in members if c.grade.level.rank is None)
    return ReportTable(table, top, len(members), sensitive, unknown, "key_jumps" if read else "none", 1000 if read else 0)


def bank_report() -> Report:
    reason = Reason("permission", Text("The account may not list this schema.", "账号无权列出该模式。"))
    gone = SkippedObject("archive", "", "", reason, SOURCE)
    return make_report(BANK, [gone])


SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror="document.title=\'owned\'">'
HOSTILE: tuple[Spec, ...] = (
    Spec(SCRIPT, "</script><script>document.title='owned'</script>", "id_card", comment="javascript:alert(1)", schema="s</style>"),
    Spec(IMAGE, "{{7*7}}", "mobile_phone", comment="<!--<script>", data_type="<b>int"),
    Spec("=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example/\",\"x\")", "email", comment="+1-2", schema="-2+3"),
    Spec("@SUM(A1:A9)", "a\x1b[2J\x07b\nc\td\x00e", "person_name", comment="\u202egnp.exe", schema="[red]markup[/red]"),
    Spec("pipe|`tick`[x](javascript:alert(1))", "＝cmd", "address", comment="half \udc80 surrogate \ufffe"),
    Spec("t" * 200, "很长的列名" * 60, "bank_card", reason="permission", read=False),
    Spec("__proto__", "constructor", "gender", comment="]]>", conflict="<svg onload=alert(1)>"),
)  # fmt: skip


def hostile_report() -> Report:
    report = make_report(HOSTILE)
    columns = tuple(replace(c, owner={"department": "<script>alert(1)</script>", "steward": "=1+1"}) for c in report.columns)
    return replace(report, columns=columns)


def large_report(count: int, seed: int = 7) -> Report:
    """A seeded warehouse of `count` columns, 20 per table, about one in eight sensitive."""
    rng = random.Random(seed)
    found = [type_id for type_id in LEVEL_OF if type_id not in ("none", "unknown")]
    words = ("cust", "acct", "order", "txn", "user", "loan", "risk", "dim", "ods", "dwd", "ref", "evt")
    specs = []
    for index in range(count):
        table, place = divmod(index, 20)
        kind = rng.random()
        name = f"{rng.choice(words)}_{rng.choice(words)}_{place:02d}"
        base = Spec(f"{words[table % 12]}_{table:05d}", name, "none", schema=f"dw_{table % 40:02d}", confidence=rng.uniform(0.9, 0.9999))
        if kind < 0.12:
            found_type = rng.choice(found)
            confidence, change = rng.uniform(0.5, 0.9999), "new" if kind < 0.002 else ""
            specs.append(replace(base, type_id=found_type, confidence=confidence, comment=LABELS[found_type].zh, change=change))
        elif kind < 0.13:
            specs.append(replace(base, type_id="unknown", confidence=0.4, reason="ambiguous"))
        elif kind < 0.14:
            specs.append(replace(base, type_id="unknown", confidence=0.0, reason="timeout", read=False))
        else:
            specs.append(base)
    return make_report(specs)
