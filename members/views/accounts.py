"""Accounts: given with a printed slip, opened by its one-time address, closed and opened again."""

import segno
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move
from members.entrance import limited, private
from members.forms.accounts import GiveAccountForm, PasswordForm
from members.models import Member
from members.services import accounts

ASKS = {
    "give": Move(
        "Cấp tài khoản, in phiếu",
        (),
        "",
        question="Cấp tài khoản?",
        effect="In phiếu có địa chỉ dùng một lần rồi trao tận tay. Phiếu chỉ hiện một lần, ngay sau khi bấm.",
    ),
    "slip": Move(
        "Cấp phiếu mới",
        (),
        "",
        question="Cấp phiếu mới?",
        effect="Dùng khi mất phiếu hoặc quên mật khẩu. Phiếu cũ chưa dùng thì hết hiệu lực; mật khẩu cũ còn dùng được "
        "đến khi đồng chí đó đặt mật khẩu mới bằng phiếu.",
    ),
    "close": Move(
        "Đóng tài khoản",
        (),
        "",
        question="Đóng tài khoản?",
        effect="Đồng chí đó bị đăng xuất ngay ở mọi máy và không đăng nhập được nữa. Tên trong danh sách và lịch sử "
        "giữ nguyên; mở lại được.",
        risk=True,
    ),
    "open": Move(
        "Mở lại tài khoản",
        (),
        "",
        question="Mở lại tài khoản?",
        effect="Đồng chí đó đăng nhập lại được bằng mật khẩu cũ.",
    ),
    "second-step": Move(
        "Tắt xác thực hai bước",
        (),
        "",
        question="Tắt xác thực hai bước?",
        effect="Chỉ dùng khi đồng chí đó mất cả điện thoại và mã dự phòng. Sau đó đăng nhập chỉ cần mật khẩu.",
        risk=True,
    ),
}
SERVICES = {
    "give": accounts.give_account_with_slip,
    "slip": accounts.issue_slip,
    "close": accounts.close_account,
    "open": accounts.open_account,
    "second-step": accounts.drop_second_step,
}
MAKE_SLIP = ("give", "slip")


def act(request, pk, action):
    """Question page and act; what makes a slip answers with the slip itself, which is never shown again."""
    if action not in ASKS:
        raise Http404
    member = get_for(request.user, Member.objects.select_related("user"), "members.give_account", pk=pk)
    target = member if action == "give" else getattr(member, "user", None)
    if target is None:
        return redirect(member)
    form, result = _form(request, member, action), []

    def keep(*args, **values):
        result.append(SERVICES[action](*args, **values))

    if attempt(request, form, keep, target, by=request.user):
        return _done(request, member, action, result)
    context = {"form": form, "obj": member, "step": ASKS[action]}
    return render(request, "core/move.html", context, status=form_status(form))


def _form(request, member, action):
    if action == "give":
        return GiveAccountForm(posted(request), initial={"username": accounts.propose_username(member.full_name)})
    return ConfirmForm(posted(request))


def _done(request, member, action, result):
    """The slip after an act that makes one; else back to the person's page."""
    if action not in MAKE_SLIP:
        messages.success(request, "Đã ghi.")
        return redirect(member)
    if not result:
        messages.success(request, "Phiếu đã hiện ở lần bấm trước. Chưa in được thì cấp phiếu mới.")
        return redirect(member)
    made = result[0]
    token = made[1] if isinstance(made, tuple) else made
    address = settings.BASE_URL + reverse("members:slip", args=[token])
    slip = accounts.find_slip(token)
    drawing = segno.make(address, error="m").svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
    context = {"member": member, "slip": slip, "address": address, "qr": mark_safe(drawing)}  # segno's own drawing
    return private(render(request, "members/slip_print.html", context))


@login_not_required
@sensitive_post_parameters()
def slip(request, token):
    """The one-time address: GET shows whose it is, POST sets the password and logs in."""
    if refused := limited(request, "slip"):
        return refused
    found = accounts.find_slip(token)
    if found is None:
        return private(render(request, "members/slip_dead.html", status=410))
    form, entered = PasswordForm(posted(request)), []

    def keep(**values):
        entered.append(accounts.use_slip(token, **values))

    if attempt(request, form, keep):
        return private(perform_login(request, entered[0]) if entered else redirect("home"))
    context = {"form": form, "account": found.user, "expires_at": found.expires_at}
    return private(render(request, "members/slip.html", context, status=form_status(form)))
