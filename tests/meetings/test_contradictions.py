"""What cannot be, or needs a word of explanation, before the minutes are sealed."""

import datetime

import pytest

from meetings import protocol
from meetings.contradictions import contradictions, unsettled

NBSP = "\u00a0"


def at(hour, minute=0, day=5):
    return datetime.datetime(2026, 12, day, hour, minute)


def speech(member_id, moment=None):
    return protocol.SpeechLine(member_id, "Đồng chí", "Nói.", moment or at(14, 30), member_id, f"Người {member_id}")


def item(pk=1, status="discussed", speeches=()):
    return protocol.Item(pk, "B", pk, f"Việc {pk}", status, speeches=tuple(speeches))


def vote(pk=7, closed=True, agree=3, decision="resolution", passed=True):
    return protocol.VoteLine(pk, 1, 1, "Nghị quyết", "Giơ thẻ", decision, closed, agree=agree, passed=passed)


TASK = protocol.TaskLine(1, "Việc", "A", "B", datetime.date(2027, 1, 4))


def record(**fields):
    """Three official members present, chair 1, clerk 2; nothing contradicts."""
    values = {
        "meeting_id": 1,
        "subject": "sinh hoạt",
        "opened_at": at(14),
        "closed_at": at(15, 40),
        "was_opened": True,
        "mode": "trực tiếp",
        "place": "Hội trường",
        "people": tuple(protocol.Person(n, f"Người {n}", "present") for n in (1, 2, 3)),
        "chair": protocol.Officer(1, "Người 1"),
        "clerk": protocol.Officer(2, "Người 2"),
        "items": (item(speeches=[speech(3)]),),
        "votes": (vote(),),
        "tasks": (TASK,),
    }
    return protocol.Record(**(values | fields))


def absent(number, presence="absent_excused", **fields):
    people = [protocol.Person(n, f"Người {n}", "present") for n in (1, 2, 3) if n != number]
    return (*people, protocol.Person(number, f"Người {number}", presence, **fields))


def found(one):
    return [(c.key, c.text.replace(NBSP, " "), c.where) for c in contradictions(one)]


def test_plain_record_has_none():
    assert found(record()) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"closed_at": None}, ("not_closed", "Buổi họp chưa bế mạc, chưa có giờ kết thúc.", "close")),
        (
            {"items": (item(speeches=[speech(3, at(15, 50))]),)},
            ("end_before_speech", "Giờ bế mạc 15 giờ 40 trước phát biểu cuối cùng lúc 15 giờ 50.", "times"),
        ),
        (
            {"adopted_at": at(0, 5, 6)},
            (
                "end_before_adoption",
                "Giờ bế mạc 15 giờ 40 trước giờ thông qua biên bản 00 giờ 05 ngày 06/12/2026.",
                "times",
            ),
        ),
        ({"people": absent(1)}, ("chair_absent", "Chủ trì đồng chí Người 1 không được ghi có mặt.", "attendance")),
        ({"people": absent(2)}, ("clerk_absent", "Thư ký đồng chí Người 2 không được ghi có mặt.", "attendance")),
        (
            {"people": (*record().people, protocol.Person(4, "Người 4", ""))},
            ("unmarked", "Còn 1 đồng chí chưa điểm danh: đồng chí Người 4.", "attendance"),
        ),
        (
            {"people": (*record().people, protocol.Person(4, "Người 4", "present", elsewhere=True))},
            (
                "present_placed:4",
                "Đồng chí Người 4 được ghi có mặt, nhưng theo sổ đảng viên đang sinh hoạt ở nơi khác.",
                "attendance",
            ),
        ),
        (
            {"people": (*record().people, protocol.Person(4, "Người 4", "present", status="suspended"))},
            (
                "present_placed:4",
                "Đồng chí Người 4 được ghi có mặt, nhưng theo sổ đảng viên đang bị đình chỉ sinh hoạt.",
                "attendance",
            ),
        ),
        (
            {"people": absent(3, official=False)},
            (
                "speaker_absent:3",
                "Đồng chí Người 3 có phát biểu ở nội dung B1 nhưng không được ghi có mặt.",
                "attendance",
            ),
        ),
        ({"votes": (vote(closed=False),)}, ("vote_open:7", "Biểu quyết “Nghị quyết” chưa chốt kết quả.", "vote")),
        (
            {"votes": (vote(agree=4),)},
            (
                "votes_above_present:7",
                "Biểu quyết “Nghị quyết” có 4 ý kiến, nhiều hơn 3 đảng viên chính thức được ghi có mặt.",
                "attendance",
            ),
        ),
        (
            {"items": (item(status="pending"),)},
            ("item:1", "Nội dung B1 “Việc 1” chưa bàn và chưa chuyển sang buổi sau.", "session"),
        ),
        (
            {"tasks": ()},
            ("no_task:7", "Đã thông qua “Nghị quyết” nhưng chưa giao nhiệm vụ nào.", "tasks"),
        ),
    ],
)
def test_each_contradiction_has_key_sentence_and_place(fields, expected):
    """DESIGN §3: votes above present, a speaker absent, an end before the last speech, and their kin."""
    assert expected in found(record(**fields))


def test_visitor_and_probationary_do_not_count_as_voters():
    """Temporary and probationary members have no vote (QĐ 294-QĐ/TW, mục 6.3.2b; Điều 3 Điều lệ)."""
    people = (
        *record().people,
        protocol.Person(4, "Khách", "present", visitor=True),
        protocol.Person(5, "Dự bị", "present", status="probationary", official=False),
    )
    assert [key for key, _, _ in found(record(people=people, votes=(vote(agree=4),)))] == ["votes_above_present:7"]


def test_postponed_item_and_guest_speech_are_fine():
    guest = protocol.SpeechLine(9, "Đồng chí Khách", "Chúc.", at(14, 40))
    assert found(record(items=(item(speeches=[guest]), item(2, "postponed")))) == []


def test_speech_within_the_last_minute_is_no_contradiction():
    """The end is typed in whole minutes; a speech at 15:40:30 is not after 15:40."""
    late = at(15, 40).replace(second=30)
    assert found(record(items=(item(speeches=[speech(3, late)]),))) == []


def test_a_failed_or_other_vote_needs_no_task():
    assert found(record(tasks=(), votes=(vote(passed=False),))) == []
    assert found(record(tasks=(), votes=(vote(decision="other"),))) == []


def test_explained_is_settled_and_what_must_be_mended_is_not():
    explanations = {"speaker_absent:3": "Họp trực tuyến.", "not_closed": "x"}
    one = record(people=absent(3), closed_at=None, explanations=explanations)
    assert [(c.key, c.explanation) for c in contradictions(one)] == [
        ("not_closed", ""),
        ("speaker_absent:3", "Họp trực tuyến."),
        ("votes_above_present:7", ""),
    ]
    assert [c.key for c in unsettled(one)] == ["not_closed", "votes_above_present:7"]
