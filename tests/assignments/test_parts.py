"""Parts of a task: added, removed, ticked; only while the task is open."""

import pytest

from assignments.models import Part
from assignments.services import parts, progress
from core.errors import Refused
from core.states import WrongState
from members.models import Activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def split(give):
    return give(parts=["Gặp từng hộ", "Lập danh sách"])


def test_tick_says_who_and_when_and_can_be_taken_back(split, member):
    part = parts.tick(split.parts.first(), done=True, by=member)
    assert (part.done_by, part.done_at is None) == (member.member, False)
    part = parts.tick(part, done=False, by=member)
    assert (part.done_by, part.done_at) == (None, None)
    assert list(Activity.objects.order_by("seq").values_list("verb", flat=True))[1:] == [
        "assignment.part_done", "assignment.part_reopened",
    ]  # fmt: skip


def test_tick_twice_keeps_the_first(split, member, secretary):
    first = parts.tick(split.parts.first(), done=True, by=member)
    again = parts.tick(split.parts.first(), done=True, by=secretary)
    assert (again.done_by, again.done_at) == (member.member, first.done_at)


def test_add_goes_behind_and_remove_takes_out(split, secretary):
    part = parts.add(split, text=" Báo  cáo chi ủy ", by=secretary)
    assert (part.position, part.text) == (3, "Báo cáo chi ủy")
    parts.remove(split.parts.first(), by=secretary)
    assert list(split.parts.values_list("text", flat=True)) == ["Lập danh sách", "Báo cáo chi ủy"]


def test_add_needs_words(split, secretary):
    with pytest.raises(Refused) as caught:
        parts.add(split, text=" ", by=secretary)
    assert (caught.value.field, caught.value.message) == ("text", "Đồng chí ghi phần việc cần thêm.")


def test_tick_of_a_part_just_removed_is_refused(split, member, secretary):
    part = split.parts.first()
    parts.remove(Part.objects.get(pk=part.pk), by=secretary)
    with pytest.raises(Refused) as caught:
        parts.tick(part, done=True, by=member)
    assert caught.value.message == "Phần việc này vừa được bỏ ra khỏi nhiệm vụ."


def test_a_part_taken_out_twice_is_said_so_and_told_once(split, secretary):
    """Two people press the same button: the second reads why, the diary has one line."""
    part = split.parts.first()
    parts.remove(split.parts.get(pk=part.pk), by=secretary)
    with pytest.raises(Refused) as caught:
        parts.remove(part, by=secretary)
    assert caught.value.message == "Phần việc này vừa được bỏ ra khỏi nhiệm vụ."
    assert Activity.objects.filter(verb="assignment.part_removed").count() == 1


def test_parts_stay_as_they_are_once_the_task_was_reported(split, member, secretary):
    part = split.parts.first()
    progress.finish(split, text="Xong.", by=member)  # open parts warn, they do not block
    sentence = (
        "Nhiệm vụ đang ở trạng thái “Chờ duyệt” nên không sửa được phần việc. "
        "Trang đã được tải lại với tình trạng mới nhất."
    )
    for act in (
        lambda: parts.add(split, text="Thêm", by=secretary),
        lambda: parts.remove(part, by=secretary),
        lambda: parts.tick(part, done=True, by=member),
    ):
        with pytest.raises(WrongState) as caught:
            act()
        assert caught.value.message == sentence
    assert split.parts.count() == 2
