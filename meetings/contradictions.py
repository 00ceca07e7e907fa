"""What in the record of a meeting cannot be, or needs a word of explanation. Pure, over ``protocol.Record``.

Sealing waits until each is mended or explained (DESIGN §3).
"""

from dataclasses import dataclass

from core.vietnamese import date_text, time_words
from meetings.states import Decision, ItemStatus, Presence
from meetings.wording import comrade

ATTENDANCE, SESSION, VOTE, TIMES, CLOSE, TASKS = "attendance", "session", "vote", "times", "close", "tasks"


@dataclass(frozen=True)
class Contradiction:
    """``key`` is stable per thing; ``where`` says which page mends it, ``about`` the row that page opens.

    What can be done in one step is not ``explainable``: it has to be done.
    """

    key: str
    text: str
    where: str
    about: int | None = None
    explainable: bool = True
    explanation: str = ""

    @property
    def is_open(self) -> bool:
        return not self.explanation


def contradictions(record) -> list[Contradiction]:
    """All contradictions of a record, those of time first; explained ones carry their explanation."""
    found = [*_times(record), *_officers(record), *_sheet(record), *_speakers(record), *_votes(record)]
    found += [*_items(record), *_tasks(record)]
    return [_explained(one, record.explanations) for one in found]


def unsettled(record) -> list[Contradiction]:
    """Those that still keep the minutes from being sealed."""
    return [one for one in contradictions(record) if one.is_open]


def _explained(one, explanations):
    text = explanations.get(one.key, "") if one.explainable else ""
    return Contradiction(one.key, one.text, one.where, one.about, one.explainable, text)


def _moment(moment, day) -> str:
    return time_words(moment) + ("" if moment.date() == day else f" ngày {date_text(moment)}")


def _times(record):
    end, day = record.closed_at, record.opened_at.date()
    if end is None:
        yield Contradiction("not_closed", "Buổi họp chưa bế mạc, chưa có giờ kết thúc.", CLOSE, explainable=False)
        return
    last = record.last_speech_at
    if last and last.replace(second=0, microsecond=0) > end:  # the end is written in whole minutes
        yield Contradiction(
            "end_before_speech",
            f"Giờ bế mạc {_moment(end, day)} trước phát biểu cuối cùng lúc {_moment(last, day)}.",
            TIMES,
        )
    if record.adopted_at and record.adopted_at > end:
        yield Contradiction(
            "end_before_adoption",
            f"Giờ bế mạc {_moment(end, day)} trước giờ thông qua biên bản {_moment(record.adopted_at, day)}.",
            TIMES,
        )


def _officers(record):
    for key, role, officer in (("chair", "Chủ trì", record.chair), ("clerk", "Thư ký", record.clerk)):
        person = record.person(officer.member_id) if officer else None
        if officer and (person is None or not person.present):
            yield Contradiction(f"{key}_absent", f"{role} {comrade(officer.name)} không được ghi có mặt.", ATTENDANCE)


def _sheet(record):
    blank = record.roll.absent(Presence.UNMARKED)
    if blank:
        names = ", ".join(comrade(name) for name, _ in blank[:3]) + (" và người khác" if len(blank) > 3 else "")
        yield Contradiction(
            "unmarked", f"Còn {len(blank)} đồng chí chưa điểm danh: {names}.", ATTENDANCE, explainable=False
        )
    for person in record.people:
        if person.present and (person.elsewhere or person.suspended) and not person.visitor:
            why = "bị đình chỉ sinh hoạt" if person.suspended else "sinh hoạt ở nơi khác"
            yield Contradiction(
                f"present_placed:{person.member_id}",
                f"{comrade(person.name, cap=True)} được ghi có mặt, nhưng theo sổ đảng viên đang {why}.",
                ATTENDANCE,
            )


def _speakers(record):
    seen = set()
    for item in record.items:
        for line in item.speeches:
            person = record.person(line.member_id)
            if line.member_id is None or line.member_id in seen or (person and person.present):
                continue
            seen.add(line.member_id)
            yield Contradiction(
                f"speaker_absent:{line.member_id}",
                f"{comrade(line.name, cap=True)} có phát biểu ở nội dung {item.number} nhưng không được ghi có mặt.",
                ATTENDANCE,
            )


def _votes(record):
    present = sum(p.present and p.official and not p.visitor and not p.suspended for p in record.people)
    for vote in record.votes:
        if not vote.closed:
            yield Contradiction(f"vote_open:{vote.pk}", f"Biểu quyết “{vote.matter}” chưa chốt kết quả.", VOTE, vote.pk)
        elif vote.hands > present:
            yield Contradiction(
                f"votes_above_present:{vote.pk}",
                f"Biểu quyết “{vote.matter}” có {vote.hands} ý kiến, "
                f"nhiều hơn {present} đảng viên chính thức được ghi có mặt.",
                ATTENDANCE,
            )


def _items(record):
    for item in record.items:
        if item.status == ItemStatus.PENDING:
            yield Contradiction(
                f"item:{item.pk}",
                f"Nội dung {item.number} “{item.title}” chưa bàn và chưa chuyển sang buổi sau.",
                SESSION,
                item.pk,
            )


def _tasks(record):
    passed = [vote for vote in record.closed_votes if vote.passed and vote.decision == Decision.RESOLUTION]
    if passed and not record.tasks:
        yield Contradiction(
            f"no_task:{passed[0].pk}",
            f"Đã thông qua “{passed[0].matter}” nhưng chưa giao nhiệm vụ nào.",
            TASKS,
            passed[0].item_id,
        )
