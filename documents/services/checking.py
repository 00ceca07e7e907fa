"""Is this file the paper? Compared by hash before any parser sees it."""

import hashlib
from dataclasses import dataclass, field

from documents.states import FileKind, PaperState

SAME = "Tệp này trùng với {what}."
DIFFERENT = "Tệp này không trùng với bản đã ký."
NOT_YET = "Tệp này không trùng với bản đã khóa, đang chờ ký."
GONE = "Văn bản này đã bị hủy. Tệp này {verdict} với bản đã khóa trước khi hủy."


@dataclass(frozen=True)
class CheckResult:
    """The answer of the check page; signers are told only for a file that is ours."""

    matches: bool
    sentence: str
    final: bool = False
    signers: list = field(default_factory=list)


def check_file(paper, data: bytes) -> CheckResult:
    """Compare the bytes with every stored version of the paper.

    A match tells names and times of those who had signed in that version; anything else says only that it differs.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    found = paper.files.filter(sha256=sha256).first()
    if paper.state == PaperState.WITHDRAWN:
        return CheckResult(False, GONE.format(verdict="trùng" if found else "không trùng"))
    if found is None:
        return CheckResult(False, DIFFERENT if paper.state == PaperState.SIGNED else NOT_YET)
    signers = _signers_in(paper, found)
    final = paper.state == PaperState.SIGNED and found.kind != FileKind.SEALED and len(signers) == paper.signers.count()
    return CheckResult(True, SAME.format(what=_name(found, final)), final, signers)


def _signers_in(paper, found):
    """Signers whose signature stands in this version: each later version carries those of the earlier ones."""
    return list(paper.signers.filter(file__isnull=False, file__lte=found.pk))


def _name(found, final):
    if found.kind == FileKind.SEALED:
        return "bản đã khóa, chưa có chữ ký"
    if found.kind == FileKind.SCAN:
        return "bản quét chữ ký tay"
    return "bản đã ký" if final else "bản mới có một phần chữ ký"
