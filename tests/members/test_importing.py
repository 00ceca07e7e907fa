"""Paste import: planned line by line, written only when confirmed, in one transaction."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from members.models import Activity, Member, Membership, Status
from members.services.importing import import_members, plan

pytestmark = pytest.mark.django_db

PASTE = (
    "Họ và tên\tNgày sinh\tGiới tính\tNgày vào Đảng\tNgày chính thức\n"
    "NGUYỄN VĂN ANH\t12/3/1980\tNam\t19/5/2005\t19/5/2006\n"
    "Lê Thị Hồng Nhung\t1/2/1990\tNữ\t3/2/2008\t\n"
)


def send(client, cell, lines, **more):
    data = {"lines": lines, "starts_on": "01/11/2026", "submission": uuid.uuid4(), **more}
    return client.post(f"{reverse('members:import')}?chi-bo={cell.slug}", data)


def outcomes(cell, lines):
    return [(row.outcome, row.reason) for row in plan(cell, lines).rows]


def test_preview_tells_line_by_line_and_writes_nothing(as_user, secretary, cell):
    before = Member.objects.count()
    answer = send(as_user(secretary), cell, PASTE)
    rows = answer.context["plan"].rows
    assert [(row.line.number, row.outcome, row.reason) for row in rows] == [
        (2, "new", "NGUYỄN VĂN ANH viết thành Nguyễn Văn Anh"),
        (3, "new", ""),
    ]
    assert (answer.status_code, Member.objects.count()) == (200, before)


def test_confirming_writes_people_membership_status_and_one_diary_line(as_user, secretary, cell):
    answer = send(as_user(secretary), cell, PASTE, confirm="1")
    assert answer.status_code == 302
    member = Member.objects.get(full_name="Nguyễn Văn Anh")
    day = datetime.date(2026, 11, 1)
    assert list(Membership.objects.filter(member=member).values_list("cell", "starts_on")) == [(cell.pk, day)]
    assert list(Status.objects.filter(member=member).values_list("kind", "starts_on")) == [("official", day)]
    lines = Activity.objects.filter(organisation=cell, verb="members.imported")
    assert lines.count() == 1
    assert '"count":"2"' in lines.get().text


def test_confirming_twice_with_one_submission_writes_once(as_user, secretary, cell):
    key = uuid.uuid4()
    client = as_user(secretary)
    answers = [send(client, cell, PASTE, confirm="1", submission=key).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert Member.objects.filter(full_name="Nguyễn Văn Anh").count() == 1


def test_people_already_there_are_skipped(cell, member):
    Member.objects.filter(pk=member.member.pk).update(birth_date=datetime.date(1980, 3, 1))
    lines = "NGÔ XUÂN TRƯỜNG\t1/3/1980\nNgô Xuân Trường\t2/3/1980"
    assert outcomes(cell, lines) == [("same", "Trùng họ tên và ngày sinh với danh sách."), ("new", "")]


def test_the_same_person_twice_in_the_paste_is_taken_once(cell):
    lines = "Lý Văn Mới\t1/3/1980\nLý Văn Mới\t1/3/1980"
    assert outcomes(cell, lines) == [("new", ""), ("same", "Trùng họ tên và ngày sinh với dòng 1.")]


def test_same_name_without_a_birth_date_to_tell_them_apart_is_an_error(cell, member):
    sentence = "Cùng họ tên với danh sách mà một bên thiếu ngày sinh. Ghi ngày sinh ở cả hai để phân biệt."
    assert outcomes(cell, "Ngô Xuân Trường\t1/3/1980") == [("error", sentence)]


def test_a_date_to_come_is_an_error(cell):
    day = (timezone.localdate() + datetime.timedelta(days=2)).strftime("%d/%m/%Y")
    assert outcomes(cell, f"Lý Văn Mới\t{day}") == [("error", "Ngày sinh: ngày này chưa đến.")]


def test_recently_admitted_without_official_date_is_probationary(cell):
    today = timezone.localdate()
    recent = (today - datetime.timedelta(days=200)).strftime("%d/%m/%Y")
    rows = plan(cell, f"Lý Văn Một\t\t\t{recent}\nLý Văn Hai\t\t\t19/5/2005\nLý Văn Ba").rows
    assert [row.status for row in rows] == ["probationary", "official", "official"]


def test_one_bad_line_stops_the_whole_import(cell, secretary):
    """Nothing is half-written."""
    before = Member.objects.count()
    with pytest.raises(Refused) as caught:
        import_members(cell, lines=f"{PASTE}Lỗi\t31/2/1980\n", starts_on=datetime.date(2026, 11, 1), by=secretary)
    sentence = "Còn 1 dòng có lỗi. Sửa các dòng đó rồi xem lại trước khi ghi."
    assert (caught.value.message, Member.objects.count()) == (sentence, before)


def test_bad_lines_keep_what_was_typed(as_user, secretary, cell):
    answer = send(as_user(secretary), cell, "Lý Văn Lỗi\t31/2/1980", confirm="1")
    assert answer.status_code == 422
    assert answer.context["form"]["lines"].value() == "Lý Văn Lỗi\t31/2/1980"
    assert answer.context["plan"].counts == {"new": 0, "same": 0, "error": 1}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (";;;", "Không có dòng nào để đọc. Dán các dòng từ bảng tính vào ô này."),
        ("A B\n" * 501, "Có 501 dòng, mỗi lần nhập nhiều nhất 500 dòng."),
    ],
)
def test_a_paste_that_is_none_or_too_long_is_refused(as_user, secretary, cell, lines, sentence):
    answer = send(as_user(secretary), cell, lines)
    assert (answer.status_code, answer.context["form"].errors["lines"]) == (422, [sentence])


def test_nobody_new_is_refused(cell, secretary):
    import_members(cell, lines=PASTE, starts_on=datetime.date(2026, 11, 1), by=secretary)
    with pytest.raises(Refused, match=r"^Không có đồng chí nào mới để ghi\.$"):
        import_members(cell, lines=PASTE, starts_on=datetime.date(2026, 11, 1), by=secretary)


def test_import_is_for_heads_only(as_user, committee, member, cell):
    """DESIGN §2: roll of the cell: secretary and deputy; the committee reads."""
    answers = [send(as_user(user), cell, PASTE, confirm="1").status_code for user in (committee, member)]
    assert answers == [403, 403]
