"""One sentence per verb of the diary, out of data/activity.toml, and the groups by which the page filters."""

import tomllib
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "activity.toml"

# key of the filter -> (label, what stands before the dot of a verb)
GROUPS = {
    "chuong-trinh": (
        "Lịch năm, chương trình, tài liệu",
        ("meeting", "agenda", "item", "paper", "question", "reply", "review", "calendar", "planned"),
    ),
    "buoi-hop": ("Buổi họp", ("attendance", "guest", "officers", "speech", "conclusion", "vote", "task")),
    "van-ban": ("Biên bản, nghị quyết", ("minutes", "resolution", "clause", "document")),
    "nhiem-vu": ("Nhiệm vụ", ("assignment", "duties", "duty")),
    "dang-vien": (
        "Đảng viên, chức vụ",
        ("member", "members", "membership", "status", "exemption", "placement", "post", "feecategory", "organisation"),
    ),
    "dang-phi": (
        "Đảng phí",
        ("fee", "voucher", "cash", "declaration", "waiver", "source", "statement", "audit", "handover"),
    ),
    "lam-theo-bac": ("Làm theo Bác", ("pledge_year", "pledge", "assessment")),
    "tu-phe-binh": ("Tự phê bình, kiểm điểm", ("turn", "shortcoming")),
    "tai-khoan": ("Tài khoản", ("account", "setup", "feed")),
    "quy-dinh": ("Quy định", ("setting", "day")),
    "thong-bao": ("Thông báo", ("notice",)),
}


@cache
def words() -> dict:
    """verb -> sentence."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def sentence(verb: str) -> str:
    """What somebody did; a verb without a sentence stands for itself."""
    return words().get(verb, verb)


def verbs_of(group: str) -> list[str]:
    """The verbs of a filter group; empty for an unknown one."""
    prefixes = GROUPS[group][1] if group in GROUPS else ()
    return [verb for verb in words() if verb.split(".")[0] in prefixes]
