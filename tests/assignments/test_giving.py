"""Giving a task: what is refused, who is told, what the diary says."""

import datetime

import pytest
from django.utils import timezone

from assignments.models import Assignment
from core.errors import Refused
from core.vietnamese import date_text
from members.models import Activity
from notices.models import Notice

pytestmark = pytest.mark.django_db


def refusal(give, **changes):
    with pytest.raises(Refused) as caught:
        give(**changes)
    assert Assignment.objects.count() == 0
    assert Notice.objects.count() == 0
    return caught.value.field, caught.value.message


def test_give_keeps_what_was_said_and_where_it_comes_from(give, cell, member, secretary, due):
    task = give(title="  Vận động   6 hộ ", detail=" Ngõ 12 ", audience="committee",
                source_label="Nghị quyết 10-NQ/CB, mục II.3", source_url="/resolutions/3/")  # fmt: skip
    task.refresh_from_db()
    assert (task.title, task.detail, task.audience, task.state) == ("Vận động 6 hộ", "Ngõ 12", "committee", "given")
    assert (task.cell, task.owner, task.given_by, task.due_on) == (cell, member.member, secretary, due)
    assert (task.source_label, task.source_url) == ("Nghị quyết 10-NQ/CB, mục II.3", "/resolutions/3/")


def test_give_tells_the_owner_and_writes_one_diary_line(give, member, secretary, due):
    task = give()
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.key) == (
        member.member, "assignment.given", f"assignment:{task.pk}:given",
    )  # fmt: skip
    assert notice.subject == f"Nhiệm vụ mới, hạn {date_text(due)}: Vận động 6 hộ ngõ 12"
    assert notice.url == f"/assignments/{task.pk}/"
    assert list(Activity.objects.values_list("verb", "actor", "object_id")) == [
        ("assignment.given", secretary.pk, task.pk)
    ]


def test_give_oneself_plans_no_notice(give, secretary):
    give(owner=secretary.member)
    assert Notice.objects.count() == 0


def test_give_without_an_account_behind_it(give):
    """Imports and the demo give tasks in nobody's name."""
    give(by=None)
    assert Notice.objects.get().context["giver"] == ""


def test_give_to_owner_only_keeps_the_notice_private(give):
    give(audience="owner")
    assert Notice.objects.get().private is True


def test_give_to_a_visiting_member(give, visitor):
    """Members in temporary activities here take part in the work of the cell (DOMAIN §6.2)."""
    assert give(owner=visitor.member).owner == visitor.member


def test_give_refuses_an_empty_title(give):
    assert refusal(give, title="  ") == ("title", "Đồng chí ghi tên nhiệm vụ.")


def test_give_refuses_a_long_title(give):
    assert refusal(give, title="a" * 251) == (
        "title", "Tên nhiệm vụ dài quá 250 chữ. Đồng chí rút gọn và ghi phần còn lại vào yêu cầu cụ thể.",
    )  # fmt: skip


def test_give_refuses_a_day_gone_by(give):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    assert refusal(give, due_on=yesterday) == (
        "due_on", f"Hạn {date_text(yesterday)} đã qua. Đồng chí chọn ngày từ hôm nay trở đi.",
    )  # fmt: skip
    assert give(due_on=timezone.localdate()).pk


def test_give_refuses_somebody_of_another_cell(give, outsider):
    assert refusal(give, owner=outsider.member) == (
        "owner", "Đồng chí Tạ Minh Khang không có trong danh sách của Chi bộ Một.",
    )  # fmt: skip
