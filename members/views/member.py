"""The page of one person: facts, dated rows by kind, the account."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone

from core.access import get_for
from members.models import Member, Membership, Placement, Post


@dataclass(frozen=True)
class Sheet:
    """One kind of dated rows on the page."""

    kind: str
    title: str
    empty: str
    add: str
    rows: list
    may_add: bool


KINDS = (
    ("post", "Chức vụ", "Không giữ chức vụ.", "Thêm chức vụ"),
    ("status", "Tình trạng đảng viên", "Chưa ghi tình trạng.", "Ghi tình trạng mới"),
    ("membership", "Nơi sinh hoạt đảng", "Chưa ghi chi bộ.", "Ghi chi bộ mới"),
    ("placement", "Sinh hoạt tạm thời", "Không có.", "Thêm giấy tạm thời"),
    ("exemption", "Miễn công tác và sinh hoạt", "Không có.", "Thêm quyết định miễn"),
    ("feecategory", "Đối tượng đóng đảng phí", "Chưa ghi đối tượng.", "Ghi đối tượng mới"),
)

IN_A_CELL = ("post", "placement")  # such rows stand in the book of the member's cell


def detail(request, pk):
    """Everybody of the cell sees name and posts; facts and rows by right."""
    people = Member.objects.select_related("user").prefetch_related(
        Prefetch("membership_rows", Membership.objects.select_related("cell")),
        Prefetch("placement_rows", Placement.objects.select_related("cell")),
        Prefetch("post_rows", Post.objects.select_related("organisation")),
    )
    member = get_for(request.user, people, "members.view_member", pk=pk)
    today = timezone.localdate()
    context = {"member": member, "posts": [row for row in member.post_rows.all() if row.holds(today)]}
    context["cell"] = _cell(request.user, member)
    if request.user.has_perm("members.view_member_facts", member):
        context |= _facts(request.user, member, today)
    if request.user.has_perm("members.give_account", member):
        context["account"] = getattr(member, "user", None)
        context["gives_account"] = True
    return render(request, "members/detail.html", context)


def _cell(user, member):
    """The cell to go back to, if its list is open to this person."""
    rows = [*member.membership_rows.all(), *member.placement_rows.all()]
    seen = user.cell_ids | user.overseen_ids | {organisation for organisation, _ in user.posts}
    return next((row.cell for row in rows if user.is_sysadmin or row.cell_id in seen), None)


def _facts(user, member, today):
    changes = user.has_perm("members.change_member", member)
    return {"facts": True, "changes": changes, "sheets": [_sheet(user, member, kind, changes, today) for kind in KINDS]}


def _sheet(user, member, kind, changes, today):
    """Rows of one kind with ``may_change``: a row about another organisation belongs to that one."""
    name, title, empty, add = kind
    rows = list(getattr(member, f"{name}_rows").all())
    for row in rows:
        owner = row if hasattr(row, "cell_id") else member
        row.may_change = changes if owner.cell_id == member.cell_id else user.has_perm("members.change_member", owner)
        row.over = row.ends_on is not None and row.ends_on < today
        row.ahead = row.starts_on > today
    may_add = changes and (bool(member.cell_id) or name not in IN_A_CELL)
    return Sheet(name, title, empty, add, rows, may_add)
