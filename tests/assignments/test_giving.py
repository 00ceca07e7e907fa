"""Giving a task: what is refused, who is told, what the diary says."""

import datetime

import pytest
from django.utils import timezone

from assignments.models import Assignment
from core.errors import Refused
from core.vietnamese import date_text
from members.models import Activity
from notices.models import Notice
from notices.services.mail import text_of

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
    notice = Notice.objects.get(kind="assignment.given")
    assert (notice.recipient, notice.key) == (member.member, f"assignment:{task.pk}:given")
    assert (notice.action, notice.target) == ("assignment.receive", task.pk)
    assert notice.subject == f"Nhiệm vụ mới, hạn {date_text(due)}: Vận động 6 hộ ngõ 12"
    assert notice.url == f"/assignments/{task.pk}/"
    assert list(Activity.objects.values_list("verb", "actor", "object_id")) == [
        ("assignment.given", secretary.pk, task.pk)
    ]


def test_give_oneself_is_only_reminded_of(give, secretary):
    give(owner=secretary.member)
    assert list(Notice.objects.values_list("kind", flat=True)) == ["assignment.due_soon"]


def test_give_tells_helpers_in_words_for_helpers(give, member, helper, secretary, due):
    task = give(helpers=[helper.member, member.member, secretary.member])
    assert set(task.helpers.all()) == {helper.member, secretary.member}  # the owner is no helper
    told = {notice.recipient_id: notice for notice in Notice.objects.filter(kind="assignment.given")}
    assert told.keys() == {member.member_id, helper.member_id}  # not who gave it
    notice = told[helper.member_id]
    assert notice.subject == f"Nhiệm vụ cần đồng chí phối hợp, hạn {date_text(due)}: Vận động 6 hộ ngõ 12"
    assert text_of(notice).splitlines()[2] == (
        "Đồng chí được phân công phối hợp với đồng chí Ngô Xuân Trường thực hiện nhiệm vụ: Vận động 6 hộ ngõ 12"
    )


def test_give_stores_parts_one_for_each_line(give):
    task = give(parts=["  Gặp   từng hộ ", "", "Lập danh sách"])
    assert list(task.parts.values_list("position", "text", "done_at")) == [
        (1, "Gặp từng hộ", None), (2, "Lập danh sách", None),
    ]  # fmt: skip


def test_give_without_an_account_behind_it(give):
    """Imports and the demo give tasks in nobody's name."""
    give(by=None)
    assert Notice.objects.get(kind="assignment.given").context["giver"] == ""


def test_give_to_owner_only_keeps_the_notice_private(give):
    give(audience="owner")
    assert set(Notice.objects.values_list("private", flat=True)) == {True}


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
    sentence = "Đồng chí Tạ Minh Khang không có trong danh sách của Chi bộ Một."
    assert refusal(give, owner=outsider.member) == ("owner", sentence)
    assert refusal(give, helpers=[outsider.member]) == ("helpers", sentence)


def test_give_refuses_too_many_and_too_long_parts(give):
    assert refusal(give, parts=["a"] * 31) == ("parts", "Một nhiệm vụ chia không quá 30 phần việc.")
    assert refusal(give, parts=["a" * 251]) == ("parts", "Mỗi phần việc ghi trong một dòng, không dài quá 250 chữ.")
