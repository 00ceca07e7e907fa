"""The private calendar: the file a phone fetches, and the buttons on one's own page that make and end its address."""

import datetime
import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from core.forms import ConfirmForm, attempt, posted
from members.entrance import limited, private
from notices import calendar
from notices.services import feeds

PAST = datetime.timedelta(days=90)


@login_not_required
@require_safe
def feed(request, token):
    """Meetings and tasks of the one person whose address this is; 304 while nothing changed."""
    if refused := limited(request, "feed"):
        return refused
    user = feeds.reader(token)
    if user is None:
        raise Http404
    now = timezone.now()
    rows = calendar.entries(user, now - PAST)
    etag = f'W/"{hashlib.sha256(repr(rows).encode()).hexdigest()[:32]}"'  # of what it says, not of when it was asked
    response = get_conditional_response(request, etag=etag)
    if response is None:
        file = calendar.calendar_file(rows, now=now, base_url=settings.BASE_URL)
        response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
def feed_new(request):
    """Make or renew the address; it is shown here once."""
    made = []

    def keep():
        made.append(feeds.make(request.user.member, by=request.user))

    attempt(request, ConfirmForm(posted(request)), keep)
    if not made:
        messages.info(request, "Địa chỉ lịch đã hiện ở lần bấm trước. Chưa chép được thì lập địa chỉ mới.")
        return redirect("me")
    address = settings.BASE_URL + reverse("notices:feed", args=made)
    webcal = f"webcal://{address.partition('://')[2]}"
    return private(render(request, "notices/feed_new.html", {"address": address, "webcal": webcal}))


@require_POST
def feed_revoke(request):
    """The address stops working; phones that follow it get nothing new."""
    if attempt(request, form := ConfirmForm(posted(request)), feeds.revoke, request.user.member, by=request.user):
        messages.success(request, "Đã thu hồi địa chỉ lịch. Xóa lịch này trên điện thoại để không còn mục cũ.")
    else:
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect("me")
