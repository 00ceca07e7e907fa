"""The roll of a cell: who is in it, by given name; new people one by one."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from members import queries
from members.forms.people import MemberForm, NewMemberForm, VisitorForm
from members.models import Member, Organisation
from members.roster import roster
from members.services import people
from members.states import PostTitle

TABS = {
    "": ("Đang sinh hoạt", "active"),
    "thoi": ("Đã thôi, tạm đi", "away"),
    "moi": ("Quần chúng ưu tú", "candidates"),
}


def chosen_slug(request) -> str:
    """The cell named by ``?chi-bo=``, else the person's own."""
    home = request.user.home_cell
    return request.GET.get("chi-bo") or (home.slug if home else "")


def cells_of(user):
    """The cells a person may look into, the home cell first."""
    cells = list(Organisation.objects.visible_to(user).cells().select_related("parent").order_by("name"))
    return sorted(cells, key=lambda cell: cell != user.home_cell)


def roll(request):
    """``?chi-bo=`` chooses the cell, ``?muc=`` the group, ``?q=`` searches without marks."""
    cells = cells_of(request.user)
    cell = _chosen(request, cells)
    if cell is None:
        return render(request, "members/list_empty.html", {"organisations": _above(request.user)})
    book = roster(cell)
    facts = request.user.has_perm("members.view_roll_facts", cell)
    tab = request.GET.get("muc", "") if facts else ""
    group = getattr(book, TABS.get(tab, TABS[""])[1])
    q = request.GET.get("q", "").strip()
    found = [person for person in group if person.matches(q)] if q else group
    context = {"cell": cell, "cells": cells, "book": book, "facts": facts, "q": q, "tab": tab, "here": request.path}
    context |= {"page": paginate(request, found), "tabs_shown": _tabs(cell, book, tab) if facts else []}
    return render(request, "members/list.html", context | _work(request.user, cell, book, facts))


def _chosen(request, cells):
    slug = request.GET.get("chi-bo", "")
    if not slug:
        return cells[0] if cells else None
    for cell in cells:
        if cell.slug == slug:
            return cell
    raise Http404


def _above(user):
    return Organisation.objects.visible_to(user).filter(kind=Organisation.Kind.SUPERIOR)


def _tabs(cell, book, current):
    url, where = reverse("members:list"), {"chi-bo": cell.slug}
    return [
        chip(url, label, current=key == current, count=len(getattr(book, group)), **where, muc=key)
        for key, (label, group) in TABS.items()
    ]


def _work(user, cell, book, facts):
    """What may be done here, what the numbers ask for, and the first steps of a new cell."""
    adds = user.has_perm("members.add_member", cell)
    on_committee = adds or user.has_perm("members.view_diary", cell)
    alerts = queries.alerts(cell, official=book.official, titles=book.titles) if on_committee and book.roll else []
    accounts = adds or user.is_sysadmin
    steps = first_steps(cell, book) if user.is_sysadmin else []
    return {"adds": adds, "alerts": alerts, "accounts": accounts, "steps": steps}


def first_steps(cell, book):
    """The way of a new cell to a secretary with an account, for the administrator: rows of core/_checks.html."""
    more = {"url": f"{reverse('members:import')}?chi-bo={cell.slug}", "link": "Dán danh sách"}
    heads = [person for person in book.active if PostTitle.SECRETARY.label in person.titles]
    if any(hasattr(person, "user") for person in heads):
        return []
    there = {"url": heads[0].get_absolute_url(), "link": f"Trang của đồng chí {heads[0]}"} if heads else {}
    return [
        _step(len(book.roll) > 1, "Ghi các đảng viên của chi bộ", **more),
        _step(heads, "Ghi chức vụ bí thư", small=POST_HINT),
        _step(False, "Cấp tài khoản cho bí thư", small="Ở trang của đồng chí đó, rồi trao phiếu in.", **there),
    ]


POST_HINT = "Mở trang của đồng chí đó, mục Chức vụ. Từ lúc ấy bí thư giữ sổ của chi bộ, quản trị chỉ cấp tài khoản."


def _step(done, text, **more):
    return {"state": "y" if done else "n", "text": text, **more}


def new(request, visiting=False):
    """One person by form; ``visiting``: in temporary activities here."""
    cell = get_for(request.user, Organisation.objects.cells(), "members.add_member", slug=chosen_slug(request))
    form = (VisitorForm if visiting else NewMemberForm)(posted(request), instance=Member())
    service = people.add_visitor if visiting else people.add_member
    made = []

    def keep(**values):
        made.append(service(**values))

    if attempt(request, form, keep, cell=cell, by=request.user, success="Đã ghi vào sổ chi bộ."):
        return redirect(made[0] if made else f"{reverse('members:list')}?chi-bo={cell.slug}")
    heading = "Thêm đồng chí sinh hoạt tạm thời" if visiting else "Thêm đồng chí vào sổ"
    context = {"form": form, "cell": cell, "heading": heading, "verb": "Ghi vào sổ", "meta": [cell.name]}
    context["back_url"] = f"{reverse('members:list')}?chi-bo={cell.slug}"
    return render(request, "core/form.html", context, status=form_status(form))


def edit(request, pk):
    """Corrected facts of a person."""
    member = get_for(request.user, Member.objects, "members.change_member", pk=pk)
    form = MemberForm(posted(request), instance=member)
    if attempt(request, form, people.change_member, by=request.user, success="Đã sửa thông tin."):
        return redirect(member)
    context = {"form": form, "heading": "Sửa thông tin", "meta": [str(member)], "verb": "Ghi thay đổi"}
    context["back_url"] = member.get_absolute_url()
    return render(request, "core/form.html", context, status=form_status(form))
