"""Checks a chain of diary lines; pure: rows, the head and the hash function are passed in.

A finding is a sentence about one line or one object. Nothing is repaired: who finds something asks a backup.
"""

import datetime
import json
from typing import NamedTuple

GENESIS = "0" * 64


class Line(NamedTuple):
    """A stored line, field by field as the table has it."""

    organisation_id: int
    seq: int
    at: datetime.datetime
    actor_id: int | None
    verb: str
    object_label: str
    object_id: int
    digest: str
    text: str
    hash: str


class Last(NamedTuple):
    """What the diary last said about an object."""

    organisation_id: int
    seq: int
    at: datetime.datetime
    digest: str
    gone: bool


class Finding(NamedTuple):
    """Something that no service did. ``seq`` is None where no single line can be named."""

    kind: str
    organisation_id: int | None
    seq: int | None
    text: str


def check_lines(organisation_id, lines, head, hashed):
    """Findings of one organisation's chain: gaps, altered columns or texts, broken links, a wrong end.

    ``lines`` are Line rows ordered by seq, read once; ``head`` is (seq, hash) or None; ``hashed(previous, text)`` is
    the hash function of the diary.
    """
    seq, previous = 0, GENESIS
    for line in lines:
        if line.seq == seq + 1:
            if line.hash != hashed(previous, line.text):
                yield Finding("hash", organisation_id, line.seq, "mã băm không khớp với nội dung dòng và dòng trước")
        else:
            yield Finding("gap", organisation_id, line.seq, f"thiếu {_between(seq, line.seq)} trước dòng này")
        if wrong := altered_columns(line):
            yield Finding("columns", organisation_id, line.seq, f"dòng khác bản gốc của nó: {', '.join(wrong)}")
        seq, previous = line.seq, line.hash
    if head is None:
        yield Finding("head", organisation_id, seq, "mất dòng ghi đầu chuỗi")
    elif head != (seq, previous):
        yield Finding("head", organisation_id, seq, f"đầu chuỗi ghi dòng cuối là {head[0]}, trong nhật ký là {seq}")


def _between(before, after):
    first, last = before + 1, after - 1
    return f"dòng {first}" if first == last else f"các dòng {first} đến {last}"


def altered_columns(line):
    """Words for the columns that differ from the line's own canonical text."""
    try:
        said = json.loads(line.text)
        pairs = (
            ("tổ chức", said["org"], line.organisation_id),
            ("số thứ tự", said["seq"], line.seq),
            ("thời gian", said["at"], line.at.isoformat()),
            ("người làm", said["by"], line.actor_id),
            ("việc", said["verb"], line.verb),
            ("đối tượng", said["obj"], f"{line.object_label}:{line.object_id}"),
            ("dấu của đối tượng", said["digest"], line.digest),
        )
    except (ValueError, KeyError, TypeError):
        return ["không đọc được bản gốc"]
    return [words for words, written, stored in pairs if written != stored]


def is_gone(text) -> bool:
    """Whether a line says that its object was deleted by that act."""
    try:
        return json.loads(text)["data"].get("gone") == "1"
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def check_object(words, last, digest, organisation_id=None):
    """Findings of one covered object: ``digest`` as it stands now ("" while it may change, None if it is not there).

    An object that may still change ("") and was never protected is nobody's finding.
    """
    if last is None:
        if digest:
            yield Finding("unrecorded", organisation_id, None, f"{words}: có trong dữ liệu mà nhật ký không ghi")
    elif digest is None:
        if last.digest and not last.gone:
            yield Finding("removed", last.organisation_id, last.seq, f"{words}: đã bị xóa khỏi dữ liệu")
    elif last.gone:
        yield Finding("returned", last.organisation_id, last.seq, f"{words}: nhật ký ghi đã xóa mà dữ liệu vẫn có")
    elif last.digest != digest:
        yield Finding("altered", last.organisation_id, last.seq, f"{words}: khác với lần ghi cuối trong nhật ký")


def check_anchor(printed, stored):
    """Findings of one printed anchor (organisation id, seq, hash, words) against the hash of that line, if any."""
    organisation_id, seq, hash_printed, words = printed
    if (GENESIS if seq == 0 else stored) != hash_printed:
        yield Finding("anchor", organisation_id, seq, f"{words}: mã dòng nhật ký in trên văn bản khác mã trong nhật ký")
