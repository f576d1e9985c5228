"""The process in which foreign detectors run; its other end is `guard`.

Foreign code is loaded and called here and nowhere else. The process sees the values of one call and nothing more: no connection, no
password of the environment, no terminal; it cannot write files, and it ends with the scanning process. Only this module's own words leave
it: a foreign exception's class and line, never its message, which can hold a value.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from sensscan.language import Text
from sensscan.model import Column, ColumnRef, Family
from sensscan.plugin import Bundle, ColumnDetector, Detector, GroupDetector, ValueDetector

Json = Any
"""What `json.loads` returns: both ends check what they take out of it."""

_KINDS: tuple[tuple[str, type], ...] = (("value", ValueDetector), ("column", ColumnDetector), ("group", GroupDetector))
_FRAME = struct.Struct(">I")
_LOADING_MB = 2048
"""Address space that imports may take besides the limit; numpy alone reserves hundreds of megabytes."""
_GRACE_SECONDS = 5.0
"""The parent ends a call in time; this much later the process ends itself, should the parent be gone."""


class NonsenseError(Exception):
    """A detector returned what no detector may return; the text says what."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def send(channel: socket.socket, message: Json) -> None:
    """Write one message: its length, then JSON in ASCII (lone surrogates of broken texts pass)."""
    data = json.dumps(message).encode("ascii")
    channel.sendall(_FRAME.pack(len(data)) + data)


def receive(channel: socket.socket, most: int) -> Json:
    """Read one message of at most `most` bytes. Raises EOFError at its end, ValueError when it is longer."""
    (length,) = _FRAME.unpack(_exactly(channel, _FRAME.size))
    if length > most:
        raise ValueError("message too long")
    return json.loads(_exactly(channel, length))


def _exactly(channel: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(min(size - len(parts), 1 << 16))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def column_form(column: Column) -> Json:
    """Return a column's metadata as JSON."""
    ref = column.ref
    return {
        "ref": [ref.source, ref.schema, ref.table, ref.column],
        "data_type": column.data_type,
        "family": column.family.value,
        "position": column.position,
        "comment": column.comment,
        "nullable": column.nullable,
        "is_key": column.is_key,
        "length": column.length,
        "enum_values": list(column.enum_values),
        "charset": column.charset,
    }


def _column(form: Json) -> Column:
    return Column(**{**form, "ref": ColumnRef(*form["ref"]), "family": Family(form["family"]), "enum_values": tuple(form["enum_values"])})


def folder_detectors(folder: Path) -> list[Detector]:
    """Import the Python files of a folder and make their detectors; files that begin with _ are helpers."""
    import importlib.util

    sys.path.insert(0, str(folder))
    made: list[Detector] = []
    for file in sorted(folder.glob("*.py")):
        if file.name.startswith("_"):
            continue
        spec = importlib.util.spec_from_file_location(f"sensscan_user_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Registered before it runs, as `import` does it: dataclasses and pickles look their module up.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        made += detectors_in(module)
    return made


def detectors_in(module: object) -> list[Detector]:
    """Return one instance of each detector class that a module defines."""
    from inspect import isabstract

    kinds = (ValueDetector, ColumnDetector, GroupDetector)
    return [
        found()
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, kinds) and not isabstract(found) and found.__module__ == module.__name__  # type: ignore[attr-defined]  # modules have a name
    ]


def _open(origin: Mapping[str, str]) -> tuple[str, str, list[Detector]]:
    """Return name, folder and detectors of what is to be loaded."""
    if origin["kind"] == "folder":
        return origin["path"], origin["path"], folder_detectors(Path(origin["path"]))
    from importlib.metadata import EntryPoint

    bundle = EntryPoint(origin["name"], origin["value"], origin["group"]).load()()
    if not isinstance(bundle, Bundle):
        raise NonsenseError(Text("must return a sensscan.plugin.Bundle", "必须返回 sensscan.plugin.Bundle"))
    return bundle.name, str(bundle.folder), list(bundle.detectors())


def _described(detector: object) -> Json:
    kind = next((name for name, base in _KINDS if isinstance(detector, base)), "")
    type_id = getattr(detector, "type_id", None)
    name = type(detector).__name__
    if not kind or not isinstance(type_id, str):
        raise NonsenseError(Text(f"{name} is not a detector with a type_id", f"{name} 不是带 type_id 的检测器"))
    return {"kind": kind, "type_id": type_id, "name": name, "fingerprint": _code_hash(type(detector))}


def _code_hash(kind: type) -> str:
    import inspect

    try:
        return hashlib.sha256(Path(inspect.getfile(kind)).read_bytes()).hexdigest()
    except (OSError, TypeError):
        return str(getattr(kind, "version", ""))


def _scores(found: Iterable[Any], wanted: int) -> list[float]:
    if isinstance(found, str | bytes) or not isinstance(found, Iterable):
        raise NonsenseError(Text("returned no list of scores", "返回的不是分数列表"))
    scores = list(islice(found, wanted + 1))
    if len(scores) != wanted:
        count = str(len(scores)) if len(scores) <= wanted else f"{wanted + 1}+"
        raise NonsenseError(Text(f"returned {count} scores for {wanted} values", f"对 {wanted} 个值返回了 {count} 个分数"))
    return [_number(score, 0.0) for score in scores]


def _number(score: object, least: float | None) -> float:
    if isinstance(score, str | bytes) or not hasattr(score, "__float__"):
        raise NonsenseError(Text("returned a score that is not a number", "返回的分数不是数字"))
    number = float(score)
    if math.isnan(number) or math.isinf(number):
        raise NonsenseError(Text("returned a score that is not a number (NaN or infinite)", "返回的分数不是数字（NaN 或无穷大）"))
    if least is not None and not least <= number <= 1.0:
        raise NonsenseError(Text(f"returned a score outside {least:g} to 1", f"返回的分数不在 {least:g} 到 1 之间"))
    return number


def _answer(detector: Detector, request: Json) -> Json:
    match detector:
        case ValueDetector():
            return {"scores": _scores(detector.score(request["values"]), len(request["values"]))}
        case ColumnDetector():
            return {"score": _number(detector.score(_column(request["column"])), -1.0)}
        case GroupDetector():
            return {"weighed": _weighed(detector.weigh(request["values"]), request["values"])}


def _weighed(found: object, values: Sequence[str]) -> Json:
    match found:
        case (weight, (str(en), str(zh))):
            if any(len(value) > 1 and (value in en or value in zh) for value in values):
                raise NonsenseError(Text("put a clear value into its reason", "在理由中写入了明文值"))
            return [_number(weight, None), en[:300], zh[:300]]
        case _:
            raise NonsenseError(Text("must return (weight, Text)", "必须返回 (权重, Text)"))


def _failure(error: BaseException) -> Json:
    """Say what failed: the class of the exception and the line of the foreign file."""
    import traceback

    if isinstance(error, NonsenseError):
        return {"nonsense": list(error.text)}
    if isinstance(error, MemoryError):
        return {"memory": True}
    name = type(error).__name__
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) != Path(__file__)]
    foreign = [frame for frame in frames if "importlib" not in frame.filename]
    where = f"{Path(foreign[-1].filename).name}:{foreign[-1].lineno}" if foreign else ""
    return {"raised": name if name.isidentifier() and len(name) <= 60 else "Exception", "where": where}


def _end_with(parent: int) -> None:
    """Ask Linux to end this process with the one that started it, so that a hanging plugin is not left behind."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


def _limit(megabytes: int, *, files: bool) -> None:
    """Bound address space, core dumps (they would hold values) and, once loaded, the writing of files."""
    import resource

    def lower(kind: int, wanted: int) -> None:
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, hard))

    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_AS, megabytes << 20)
    if not files:
        lower(resource.RLIMIT_FSIZE, 0)


def _used_megabytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return _LOADING_MB
    return (pages * os.sysconf("SC_PAGE_SIZE")) >> 20


def serve(setup: Json) -> None:
    """Load what `setup` names, describe it, then answer calls until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _end_with(setup["parent"])
    _limit(_LOADING_MB + setup["megabytes"], files=True)
    channel = socket.socket(fileno=setup["channel"])
    channel.set_inheritable(False)
    try:
        name, folder, detectors = _open(setup["origin"])
        described = [_described(detector) for detector in detectors]
    except BaseException as error:  # foreign code may fail in any way, sys.exit included
        send(channel, _failure(error))
        return
    _limit(_used_megabytes() + setup["megabytes"], files=False)
    send(channel, {"name": name, "folder": folder, "detectors": described})
    while True:
        try:
            request = receive(channel, 1 << 31)
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_REAL, setup["seconds"] + _GRACE_SECONDS)
        try:
            answer = _answer(detectors[request["detector"]], request)
        except BaseException as error:  # as above
            answer = _failure(error)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(channel, answer)
