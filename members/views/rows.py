"""Dated rows of a member: new, corrected, taken out when written by mistake."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move
from core.vietnamese import date_text
from members.forms.people import ROW_FORMS
from members.models import Member, Post
from members.queries import diary_home
from members.services import people
from members.states import PostTitle
from members.views.member import IN_A_CELL, KINDS
from members.views.roll import cells_of

TITLES = {name: (title, add) for name, title, _, add in KINDS}
NEXT = {
    "status": "Dòng đang mở tự kết thúc vào hôm trước ngày bắt đầu của dòng mới.",
    "membership": "Đồng chí chuyển đi: không thêm dòng, sửa dòng đang mở và ghi ngày kết thúc.",
    "feecategory": "Dòng đang mở tự kết thúc vào hôm trước ngày bắt đầu của dòng mới.",
    "placement": "Tạm thời nơi khác vẫn tính vào số đảng viên của chi bộ.",
}
LAST_ACT = (
    "Ghi xong bí thư đầu tiên thì bí thư và phó bí thư giữ sổ của chi bộ này; quản trị chỉ còn cấp tài khoản. "
    "Kiểm tra đúng người trước khi ghi."
)


def form_class(kind):
    """The form of a kind of rows; 404 for a kind that does not exist."""
    if kind not in ROW_FORMS:
        raise Http404
    return ROW_FORMS[kind]


def new(request, pk, kind):
    """A new row about a member of one's cell."""
    form_kind = form_class(kind)
    member = get_for(request.user, Member.objects, "members.change_member", pk=pk)
    if kind in IN_A_CELL and not member.cell_id:
        raise Http404
    row = form_kind.Meta.model(member=member)
    if kind == "post":
        row.organisation_id = member.cell_id
    elif kind in ("placement", "membership"):
        row.cell_id = member.cell_id
    form = form_kind(posted(request), instance=row, cells=_writable(request.user, kind))
    if attempt(request, form, people.add_row, cell=diary_of(row), by=request.user, success="Đã ghi."):
        return redirect(member)
    title, add = TITLES[kind]
    context = {"form": form, "heading": add, "verb": "Ghi vào sổ", "intro": _intro(request.user, member, kind)}
    return _page(request, member, form, title, context)


def edit(request, pk, kind, row):
    """A corrected or ended row."""
    member, found = _row(request.user, pk, kind, row)
    form = form_class(kind)(posted(request), instance=found, cells=_writable(request.user, kind))
    if attempt(request, form, people.change_row, cell=diary_of(found), by=request.user, success="Đã sửa."):
        return redirect(member)
    title, _ = TITLES[kind]
    context = {"form": form, "heading": f"Sửa: {title.lower()}", "verb": "Ghi thay đổi"}
    return _page(request, member, form, title, context)


def delete(request, pk, kind, row):
    """The question before a row written by mistake is taken out."""
    member, found = _row(request.user, pk, kind, row)
    form = ConfirmForm(posted(request))
    if attempt(
        request, form, people.remove_row, found, cell=diary_of(found), by=request.user, success="Đã xóa dòng ghi nhầm."
    ):
        return redirect(member)
    return render(request, "core/move.html", removal(form, found, member), status=form_status(form))


def removal(form, row, obj):
    """Context of the question before a dated row is taken out; ``obj`` is the page it leads back to."""
    effect = (
        f"{row.label}, {row.member}, từ {date_text(row.starts_on)}. Chỉ xóa dòng chưa từng đúng. "
        "Việc đã kết thúc thì sửa dòng và ghi ngày kết thúc."
    )
    step = Move("Xóa dòng này", (), "", question="Xóa dòng ghi nhầm?", effect=effect, risk=True)
    return {"form": form, "obj": obj, "step": step}


def diary_of(row):
    """The organisation in whose diary an act on this row stands."""
    return getattr(row, "cell_id", None) or diary_home(row.member)


def _row(user, pk, kind, row):
    """(member, row): seen by ``visible_to``, changed by the organisation whose book the row stands in."""
    member = get_for(user, Member.objects, "members.view_member", pk=pk)
    found = get_object_or_404(form_class(kind).Meta.model.objects.select_related("member"), pk=row, member=member)
    owner = found if hasattr(found, "cell_id") else member
    if not user.has_perm("members.change_member", owner):
        raise PermissionDenied
    return member, found


def _writable(user, kind):
    if kind != "membership":
        return ()
    return [cell for cell in cells_of(user) if user.has_perm("members.change_member", cell)]


def _intro(user, member, kind):
    if kind != "post" or not user.is_sysadmin:
        return NEXT.get(kind, "")
    had = Post.objects.filter(organisation=member.cell_id, title=PostTitle.SECRETARY).exists()
    return "" if had else LAST_ACT


def _page(request, member, form, title, context):
    context |= {"meta": [str(member), title], "back_url": member.get_absolute_url()}
    return render(request, "core/form.html", context, status=form_status(form))
