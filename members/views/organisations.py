"""The page of a cell or superior: facts, posts today, what stands below; its forms."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import paginate
from members import queries
from members.forms.people import NewOrganisationForm, OfficerForm, OrganisationForm, PostForm
from members.models import Member, Organisation, Post
from members.services import organisations, people
from members.states import HEAD_TITLES, PostTitle
from members.views.rows import removal


def cell(request, slug):
    """Facts, posts, organisations below."""
    user = request.user
    organisation = get_for(user, Organisation.objects.select_related("parent"), "members.view_organisation", slug=slug)
    below = Organisation.objects.filter(parent=organisation).visible_to(user)
    context = {
        "organisation": organisation,
        "posts": _posts_shown(organisation),
        "page": paginate(request, below),
        "changes": user.has_perm("members.change_organisation", organisation),
        "adds": user.has_perm("members.add_organisation", organisation),
        "gives": user.has_perm("members.give_post", organisation),
        "sees_parent": organisation.parent_id and _sees(user, organisation.parent),
    }
    return render(request, "members/cell.html", context)


def _posts_shown(organisation):
    """Posts held today; that secretary and deputy are committee members too goes without saying."""
    rows = queries.posts_of(organisation)
    heads = {row.member_id for row in rows if row.title in HEAD_TITLES}
    return [row for row in rows if row.title != PostTitle.COMMITTEE_MEMBER or row.member_id not in heads]


def _sees(user, organisation):
    return user.is_sysadmin or organisation.pk in user.overseen_ids | {where for where, _ in user.posts}


def new(request, slug):
    """A cell or committee below a superior."""
    parent = get_for(request.user, Organisation.objects, "members.add_organisation", slug=slug)
    made = Organisation(parent=parent, place=parent.place, term=parent.term, kind=Organisation.Kind.CELL, symbol="")
    form = NewOrganisationForm(posted(request), instance=made)
    if attempt(request, form, organisations.add_organisation, by=request.user, success="Đã thêm tổ chức."):
        return redirect(made if made.pk else parent)
    context = {"form": form, "heading": "Thêm tổ chức trực thuộc", "meta": [parent.name], "verb": "Thêm tổ chức"}
    return _form(request, form, parent.get_absolute_url(), context)


def edit(request, slug):
    """Corrected facts."""
    organisation = get_for(request.user, Organisation.objects, "members.change_organisation", slug=slug)
    back = organisation.get_absolute_url()  # before the form writes a refused address into the row
    form = OrganisationForm(posted(request), instance=organisation)
    if attempt(request, form, organisations.change_organisation, by=request.user, success="Đã sửa."):
        return redirect(organisation)
    context = {"form": form, "heading": "Sửa thông tin tổ chức", "verb": "Ghi thay đổi"}
    context["intro"] = "Văn bản đã in giữ nguyên; văn bản lập từ nay theo thông tin mới."
    return _form(request, form, back, context)


def choose(request, slug):
    """Whom to give a post of this organisation: found by name, a page of 30."""
    organisation = get_for(request.user, Organisation.objects, "members.give_post", slug=slug)
    q = request.GET.get("q", "").strip()
    found = _eligible(request.user, organisation).search(q)
    context = {"organisation": organisation, "q": q, "page": paginate(request, found), "here": request.path}
    return render(request, "members/choose.html", context)


def _eligible(user, organisation):
    """A superior's posts go to anybody the sysadmin sees; the missing secretary of a cell is one of its members."""
    members = Member.objects.visible_to(user)
    if organisation.is_cell:
        return members.filter(pk__in=queries.roll(organisation).values("pk"))
    return members


def give(request, slug, pk):
    """The form of the post for the chosen person."""
    organisation = get_for(request.user, Organisation.objects, "members.give_post", slug=slug)
    member = get_object_or_404(_eligible(request.user, organisation), pk=pk)
    only = (PostTitle.SECRETARY,) if organisation.is_cell else ()
    form = PostForm(posted(request), instance=Post(member=member, organisation=organisation), only=only)
    if attempt(request, form, people.add_row, cell=organisation, by=request.user, success="Đã ghi chức vụ."):
        return redirect(organisation)
    context = {"form": form, "heading": "Ghi chức vụ", "meta": [str(member), organisation.name], "verb": "Ghi chức vụ"}
    return _form(request, form, organisation.get_absolute_url(), context)


def officer(request, slug):
    """A post of a superior for somebody who stands in no cell's book here."""
    organisation = get_for(request.user, Organisation.objects, "members.give_post", slug=slug)
    if organisation.is_cell:
        raise PermissionDenied
    form = OfficerForm(posted(request), instance=Post(organisation=organisation))
    if attempt(request, form, people.add_officer, by=request.user, success="Đã ghi người và chức vụ."):
        return redirect(organisation)
    context = {"form": form, "heading": "Ghi cán bộ cấp trên", "meta": [organisation.name], "verb": "Ghi chức vụ"}
    return _form(request, form, organisation.get_absolute_url(), context)


def edit_post(request, slug, pk):
    """A corrected or ended post of a superior."""
    organisation, post = _post(request.user, slug, pk)
    form = PostForm(posted(request), instance=post)
    if attempt(request, form, people.change_row, cell=organisation, by=request.user, success="Đã sửa chức vụ."):
        return redirect(organisation)
    context = {"form": form, "heading": "Sửa chức vụ", "meta": [str(post.member)], "verb": "Ghi thay đổi"}
    return _form(request, form, organisation.get_absolute_url(), context)


def delete_post(request, slug, pk):
    """The question before a post written by mistake is taken out."""
    organisation, post = _post(request.user, slug, pk)
    form = ConfirmForm(posted(request))
    service = people.remove_row
    if attempt(request, form, service, post, cell=organisation, by=request.user, success="Đã xóa dòng ghi nhầm."):
        return redirect(organisation)
    return render(request, "core/move.html", removal(form, post, organisation), status=form_status(form))


def _post(user, slug, pk):
    organisation = get_for(user, Organisation.objects, "members.give_post", slug=slug)
    if organisation.is_cell:  # a cell's posts are changed on the member's page, by its own heads
        raise PermissionDenied
    return organisation, get_object_or_404(Post.objects.select_related("member"), pk=pk, organisation=organisation)


def _form(request, form, back, context):
    return render(request, "core/form.html", context | {"back_url": back}, status=form_status(form))
