"""Shortcomings: noted with an owner and a day, followed, mended, taken up again (issue 5, 5)."""

import json

import pytest

from core.errors import Refused
from core.states import WrongState
from members.models import Activity
from notices.models import Notice
from reviews.models import Shortcoming
from reviews.services import mending
from reviews.turn_states import ShortcomingState
from tests.meetings import story
from tests.reviews.conftest import DAY, LATER

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.message, refusal.value.field


def note(cell, owner, by, **more):
    values = {"text": "Họp muộn giờ", "remedy": "Báo trước", "due_on": LATER, "source": "Kiểm tra tháng 11"} | more
    return mending.note(cell, owner=owner.member, by=by, **values)


@pytest.fixture
def own(november, cell, member, secretary):
    return note(cell, member, secretary, member=member.member)


def fresh(row):
    return Shortcoming.objects.get(pk=row.pk)


def test_noted_with_owner_day_and_source(own, member):
    assert (own.member, own.owner, own.due_on, own.source, own.state) == (
        member.member, member.member, LATER, "Kiểm tra tháng 11", ShortcomingState.OPEN,
    )  # fmt: skip


@pytest.mark.parametrize("day", [DAY(2026, 11, 20), DAY(2026, 11, 19)])
def test_the_day_must_be_after_today(november, cell, member, secretary, day):
    sentence = ("Hạn khắc phục phải sau hôm nay.", "due_on")
    assert refused(note, cell, member, secretary, due_on=day) == sentence


def test_it_needs_words(november, cell, member, secretary):
    assert refused(note, cell, member, secretary, text=" ") == ("Đồng chí ghi hạn chế, khuyết điểm.", "text")
    assert not Shortcoming.objects.exists()


def test_the_owner_is_told_now_and_a_week_before_and_of_nothing_written(own, member):
    rows = Notice.objects.filter(kind="shortcoming.told").order_by("due_at")
    assert [(row.recipient, row.subject, row.context, row.private) for row in rows] == [
        (member.member, "Có nội dung cần khắc phục", {"due": "20/01/2027"}, True),
        (member.member, "Còn 7 ngày đến hạn khắc phục", {"due": "20/01/2027"}, True),
    ]
    assert rows[1].due_at == story.moment(7, day=1).replace(year=2027, month=1, day=13)


def test_within_a_week_the_owner_is_told_once(november, cell, member, secretary):
    note(cell, member, secretary, due_on=DAY(2026, 11, 25))
    assert Notice.objects.filter(kind="shortcoming.told").count() == 1


def test_followed_until_it_is_mended(own, member, secretary):
    mending.follow(own, text="Đã đến đúng giờ hai buổi.", by=member)
    row = mending.mend(own, text="Không muộn nữa.", by=secretary)
    assert (row.state, row.mended_on) == (ShortcomingState.MENDED, DAY(2026, 11, 20))
    assert [(line.by, line.text) for line in row.followups.all()] == [
        (member, "Đã đến đúng giờ hai buổi."),
        (secretary, "Không muộn nữa."),
    ]
    assert Notice.objects.get(key=f"shortcoming:{own.pk}:soon").done_at is not None
    assert Notice.objects.filter(key=f"shortcoming:{own.pk}:mended").count() == 1


def test_who_confirms_the_own_is_not_told(november, cell, secretary):
    row = note(cell, secretary, secretary)
    mending.mend(row, text="Xong.", by=secretary)
    assert Notice.objects.filter(key=f"shortcoming:{row.pk}:mended").count() == 0


@pytest.mark.parametrize("step", ["follow", "mend"])
def test_a_step_needs_its_result(own, secretary, step):
    assert refused(mending.STEPS[step], own, text="", by=secretary) == ("Đồng chí ghi kết quả khắc phục.", "text")
    assert fresh(own).state == ShortcomingState.OPEN


def test_taken_up_again_with_the_reason(own, secretary):
    mending.mend(own, text="Không muộn nữa.", by=secretary)
    row = mending.reopen(own, text="Lại muộn.", by=secretary)
    assert (row.state, row.mended_on) == (ShortcomingState.OPEN, None)


def test_taking_up_again_needs_the_reason(own, secretary):
    mending.mend(own, text="Không muộn nữa.", by=secretary)
    assert refused(mending.reopen, own, text=" ", by=secretary) == ("Đồng chí ghi vì sao theo dõi lại.", "text")
    assert fresh(own).state == ShortcomingState.MENDED


def test_what_is_mended_is_not_followed_nor_mended_again(own, secretary):
    mending.mend(own, text="Không muộn nữa.", by=secretary)
    for step in (mending.follow, mending.mend):
        with pytest.raises(WrongState):
            step(own, text="Thêm", by=secretary)


def test_what_is_open_is_not_taken_up_again(own, secretary):
    with pytest.raises(WrongState):
        mending.reopen(own, text="Lại muộn.", by=secretary)


def test_late_goes_before_the_stored_state(own, november):
    november.move_to(story.moment(9).replace(year=2027, month=1, day=22))
    assert fresh(own).look.label == "Quá 2 ngày"


def test_the_diary_has_a_line_for_each_step_without_a_word(own, member, secretary):
    mending.follow(own, text="Đã đến đúng giờ.", by=member)
    lines = Activity.objects.filter(verb__startswith="shortcoming.").order_by("pk")
    assert [(line.verb, line.actor, json.loads(line.text)["data"]) for line in lines] == [
        ("shortcoming.noted", secretary, {}),
        ("shortcoming.followed", member, {}),
    ]


def test_who_sees_one_of_a_member_and_one_of_the_cell(own, cell, cast, member, secretary, clerk):
    common = note(cell, clerk, secretary)
    seen = {name: set(Shortcoming.objects.visible_to(user)) for name, user in cast.items()}
    of_member = {name for name, rows in seen.items() if own in rows}
    of_cell = {name for name, rows in seen.items() if common in rows}
    assert of_member == {"dangvien", "bithu", "phobithu"}
    assert of_cell == set(cast) - {"chibokhac", "captren", "quantri"}
