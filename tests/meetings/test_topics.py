"""The page of a topic: a matter through the months, each record as far as the person may read it."""

import pytest
import time_machine
from django.urls import reverse

from meetings.models import AgendaItem, Clause, Meeting
from meetings.queries import topics
from meetings.services import carrying, lifecycle, minutes, resolution, speeches, tasks
from meetings.services import clauses as clause_services
from tests.meetings import story
from tests.meetings.prep import new_meeting
from tests.meetings.test_carrying import carried_of

pytestmark = pytest.mark.django_db
TITLE = "Sửa nhà văn hóa"


@pytest.fixture
def now():
    with time_machine.travel(story.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def first(now, cast, cell):
    """Postponed on 05/12, its minutes adopted but not sealed yet."""
    meeting = story.told(cell, cast["bithu"], cast["thuky"], cast["dangvien"], closed=False)
    item = AgendaItem.objects.create(meeting=meeting, section="B", position=9, title=TITLE)
    speeches.add_speech(item, member=cast["dangvien"].member, text="Nên chờ dự toán.", by=cast["thuky"])
    speeches.save_conclusion(item, text="Chờ dự toán.", version=0, by=cast["thuky"])
    AgendaItem.objects.filter(pk=item.pk).update(status="postponed")
    lifecycle.close_meeting(meeting, closed_at=story.moment(15, 40), by=cast["bithu"])
    return AgendaItem.objects.select_related("meeting__cell").get(pk=item.pk)


@pytest.fixture
def second(first, cast, cell, now):
    """Discussed on 05/01: a vote, a task of the cell, one of the committee, a clause."""
    meeting = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=25), clerk=cast["thuky"].member)
    lifecycle.notify_meeting(lifecycle.agree_meeting(meeting, by=cast["bithu"]), by=cast["bithu"])
    now.move_to(story.moment(16, day=25))
    lifecycle.open_meeting(meeting, by=cast["bithu"], opened_at=story.moment(14, day=25))
    item = carried_of(first)
    Meeting.objects.get(pk=meeting.pk).sheet.update(presence="present")
    for title, audience in (("Lập dự toán", "cell"), ("Hỏi riêng phường", "committee")):
        tasks.give_from_item(item, owner=cast["thuky"].member, title=title, due_on=story.DUE, audience=audience,
                             by=cast["bithu"])  # fmt: skip
    draft = resolution.start_resolution(Meeting.objects.get(pk=meeting.pk), by=cast["bithu"])
    clause_services.add_clause(draft, clause=Clause(text="Sửa xong trước hè", item=item), by=cast["bithu"])
    vote = story.vote_on(item, cast["thuky"], matter="Sửa nhà văn hóa")
    speeches.save_conclusion(item, text="Sửa mái trước.", version=0, by=cast["thuky"])
    resolution.adopt_resolution(draft, vote=vote, by=cast["bithu"])
    return item


def seal(item, cast):
    meeting = item.meeting
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38, day=meeting.day.day), by=cast["bithu"])
    for one in minutes.contradictions(minutes.record_of(meeting)):
        minutes.explain(meeting, key=one.key, text="Đã xem lại.", by=cast["bithu"])
    minutes.seal_minutes(meeting, way="ink", by=cast["bithu"])


def page(client, item):
    return client.get(reverse("meetings:topic", args=[item.pk]))


def test_whole_life_stands_on_one_page_whichever_end_is_asked(first, second, cast):
    for pk in (first.pk, second.pk):
        stages = topics.stages(cast["bithu"], pk)
        assert [(stage.item, stage.look.label) for stage in stages] == [
            (first, "Chuyển sang buổi sau"),
            (second, "Đã bàn"),
        ]


def test_any_depth_and_every_way_of_leaving_is_named(first, cast, cell):
    for number in range(4):
        meeting = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=20 + number))
        lifecycle.cancel_meeting(meeting, cancel_reason=f"Bão số {number}", by=cast["bithu"])
    last = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=28))
    item = last.items.get(title=TITLE)
    looks = [stage.look.label for stage in topics.stages(cast["bithu"], first.pk)]
    assert looks == ["Chuyển sang buổi sau", *["Buổi họp đã hủy"] * 4, "Trong chương trình"]
    original = item.carried_from
    carrying.drop_item(item, reason="Phường sửa rồi", by=cast["bithu"])
    stage = topics.stages(cast["bithu"], first.pk)[-1]
    assert (stage.item, stage.look.label, stage.dropped.reason) == (original, "Không bàn nữa", "Phường sửa rồi")


def test_committee_reads_the_record_members_only_once_it_is_sealed(first, cast, as_user):
    # DESIGN §2: read signed minutes of the own cell; drafts of them are the committee's
    texts = ("Chờ dự toán.", "Nên chờ dự toán.")
    read = page(as_user(cast["chiuy"]), first).content.decode()
    assert [text in read for text in texts] == [True, True]
    read = page(as_user(cast["dangvien"]), first).content.decode()
    assert [text in read for text in texts] == [False, False]
    assert "Kết luận và phát biểu xem được khi biên bản đã khóa." in read
    seal(first, cast)
    read = page(as_user(cast["dangvien"]), first).content.decode()
    assert [text in read for text in texts] == [True, True]


def test_every_postponement_says_why(first, cast, cell, as_user, now):
    """What the meeting said is read with its record; why the committee left it out of a draft by everybody."""
    meeting = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=25))
    carrying.put_off_item(carried_of(first), reason="Phường chưa trả lời", by=cast["bithu"])
    assert "Lý do: Phường chưa trả lời" in page(as_user(cast["dangvien"]), first).content.decode()
    lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=cast["bithu"])
    later = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=28), clerk=cast["thuky"].member)
    lifecycle.notify_meeting(lifecycle.agree_meeting(later, by=cast["bithu"]), by=cast["bithu"])
    now.move_to(story.moment(16, day=28))
    later = lifecycle.open_meeting(later, by=cast["bithu"], opened_at=story.moment(14, day=28))
    item = carried_of(first)
    url = reverse("meetings:item_postpone", args=[later.pk, item.pk])
    as_user(cast["thuky"]).post(url, {"reason": "Hết giờ"})
    read = [page(as_user(cast[name]), item).content.decode() for name in ("thuky", "dangvien")]
    assert ["Lý do: Hết giờ" in text for text in read] == [True, False]
    speeches.go_to(item, by=cast["thuky"])
    assert [row.reason for row in item.put_offs.all()] == []  # taken up after all


def test_votes_tasks_and_clauses_stand_where_they_came_from(second, cast):
    stage = topics.stages(cast["bithu"], second.pk)[-1]
    assert [vote.matter for vote in stage.votes] == ["Sửa nhà văn hóa"]
    assert {task.title for task in stage.tasks} == {"Lập dự toán", "Hỏi riêng phường"}
    assert [(clause.text, clause.state_key) for clause in stage.clauses] == [("Sửa xong trước hè", "open")]


def test_tasks_of_the_committee_stay_hidden_from_members(second, cast):
    stage = topics.stages(cast["dangvien"], second.pk)[-1]
    assert [task.title for task in stage.tasks] == ["Lập dự toán"]


def test_member_sees_no_meeting_that_is_still_prepared(first, cast, cell, as_user):
    draft = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=25))
    item = draft.items.get(title=TITLE)
    assert [stage.item for stage in topics.stages(cast["dangvien"], first.pk)] == [first]
    client = as_user(cast["dangvien"])
    assert (page(client, first).status_code, page(client, item).status_code) == (200, 404)


def test_outside_the_cell_there_is_no_such_page(first, cast, as_user):
    assert [page(as_user(cast[name]), first).status_code for name in ("chibokhac", "captren", "quantri")] == [404] * 3


def test_every_carried_item_leads_there(first, second, cast, as_user):
    client = as_user(cast["thuky"])
    url, meeting = reverse("meetings:topic", args=[second.pk]), second.meeting
    pages = [
        reverse("meetings:agenda", args=[meeting.pk]),
        meeting.get_absolute_url(),
        reverse("meetings:item", args=[meeting.pk, second.pk]),
        f"{reverse('meetings:session', args=[meeting.pk])}?item={second.pk}",
        reverse("meetings:minutes", args=[meeting.pk]),
    ]
    keeps, prepares = client, pages[0]
    assert [url in keeps.get(address).content.decode() for address in pages[1:]] == [True] * 4
    assert url in as_user(cast["bithu"]).get(prepares).content.decode()
