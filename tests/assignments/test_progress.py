"""The life of a task: each move, what it leaves behind, what it refuses."""

import datetime
import inspect
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from assignments import rules
from assignments.models import Assignment, Evidence, Report
from assignments.services import extending, progress, reminding
from assignments.states import MOVES, State
from core.errors import Refused
from core.states import WrongState
from members.models import Activity, Membership, Post
from notices.models import Notice

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name="anh.jpg", kind="JPEG", exif=True):
    image = Image.new("RGB", (40, 30), "red")
    data = io.BytesIO()
    hidden = Image.Exif()
    hidden[0x010E] = "Số 12 ngõ 5"  # where the picture was taken
    image.save(data, kind, **({"exif": hidden} if exif else {}))
    return SimpleUploadedFile(name, data.getvalue())


def told():
    return list(Notice.objects.exclude(outcome="withdrawn").order_by("pk").values_list("kind", "recipient"))


def verbs():
    return list(Activity.objects.order_by("seq").values_list("verb", flat=True))


def kinds(task):
    return list(task.reports.values_list("kind", "text"))


def test_steps_moves_and_rules_name_the_same_actions():
    assert progress.STEPS.keys() == MOVES.keys() == rules.WHO.keys()


def test_report_starts_the_work_and_may_be_repeated(task, member):
    progress.report(task, text=" Đã đến 2 hộ. ", by=member)
    task = progress.report(task, text="Đã đến 4 hộ.", by=member)
    assert task.state == State.DOING
    assert kinds(task) == [("progress", "Đã đến 2 hộ."), ("progress", "Đã đến 4 hộ.")]
    assert verbs() == ["assignment.given", "assignment.reported", "assignment.reported"]


def test_report_keeps_evidence_without_what_hides_in_it(task, member):
    progress.report(task, text="Ảnh kèm theo.", by=member, files=[picture()])
    report = Evidence.objects.get()
    assert (report.filename, report.mime) == ("anh.jpg", "image/jpeg")
    with report.file.open(), Image.open(report.file) as stored:
        assert (stored.size, dict(stored.getexif())) == ((40, 30), {})
    assert "anh" not in report.file.name


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx), "
         "PowerPoint (.pptx) hoặc ảnh (PNG, JPEG, WEBP)."),
        ("trang.pdf", b"<html></html>", "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx), "
         "PowerPoint (.pptx) hoặc ảnh (PNG, JPEG, WEBP)."),
    ],
    ids=["svg", "html"],
)  # fmt: skip
def test_report_with_a_wrong_file_writes_nothing(task, member, name, data, sentence):
    with pytest.raises(Refused) as caught:
        progress.report(task, text="Kèm tệp.", by=member, files=[SimpleUploadedFile(name, data)])
    assert (caught.value.field, caught.value.message) == ("files", f"{name}: {sentence}")
    task.refresh_from_db()
    assert (task.state, Report.objects.count()) == (State.GIVEN, 0)


def test_report_with_a_name_that_lies_is_refused(task, member):
    with pytest.raises(Refused) as caught:
        progress.finish(task, text="Kèm ảnh.", by=member, files=[picture(name="anh.png")])
    assert caught.value.message == (
        "anh.png: Tên tệp ghi .png nhưng nội dung là .jpg. Đồng chí đặt đúng tên tệp rồi tải lên."
    )


def test_report_keeps_several_files_or_none(task, member):
    """One bad file of several: nothing is stored, the sentence names the file."""
    progress.report(task, text="Hai ảnh.", by=member, files=[picture("a.jpg"), picture("b.jpg")])
    assert list(Evidence.objects.order_by("pk").values_list("filename", flat=True)) == ["a.jpg", "b.jpg"]
    with pytest.raises(Refused):
        progress.report(task, text="Hỏng.", by=member, files=[picture("c.jpg"), picture("d.png")])
    assert (Evidence.objects.count(), Report.objects.count()) == (2, 1)


def test_receive_is_written_down_and_changes_no_state(task, member):
    task = progress.receive(task, by=member)
    assert (task.state, kinds(task)) == (State.GIVEN, [("received", "")])
    assert task.received_at == Report.objects.get().at
    assert verbs() == ["assignment.given", "assignment.received"]


def test_receive_by_a_helper_is_not_the_owners(give, helper):
    task = progress.receive(give(helpers=[helper.member]), by=helper)
    assert (task.received_at, Report.objects.get().member) == (None, helper.member)


def test_receive_twice_is_refused(task, member):
    progress.receive(task, by=member)
    with pytest.raises(Refused) as caught:
        progress.receive(task, by=member)
    assert caught.value.message == "Đồng chí đã báo nhận nhiệm vụ này rồi."


def test_report_by_somebody_without_an_account(task, member):
    progress.report(task, text="Đã đến 2 hộ.", by=None, member=member.member)
    assert list(Report.objects.values_list("by", "member")) == [(None, member.member_id)]


@pytest.mark.parametrize("action", ["report", "finish"])
def test_a_report_needs_words(task, member, action):
    with pytest.raises(Refused) as caught:
        progress.STEPS[action](task, text="  ", by=member)
    assert (caught.value.field, caught.value.message) == ("text", "Đồng chí ghi kết quả đã làm.")


def test_finish_asks_whoever_gave_it(task, member, secretary):
    task = progress.finish(task, text="Đủ 6 hộ.", by=member)
    assert task.state == State.REPORTED
    assert task.finished_at == Report.objects.get().at
    assert told() == [("assignment.given", member.member_id), ("assignment.finished", secretary.member_id)]
    assert Notice.objects.get(kind="assignment.finished").context["owner"] == "Ngô Xuân Trường"


@pytest.mark.parametrize(
    ("giver", "owner", "audience", "asked"),
    [
        ("bithu", "dangvien", "cell", "bithu"),
        ("chiuy", "dangvien", "cell", "chiuy"),
        (None, "dangvien", "cell", "bithu"),  # an import: the secretary
        ("phobithu", "phobithu", "cell", "bithu"),  # one's own work only the secretary
        ("bithu", "bithu", "cell", "phobithu"),
        ("phobithu", "dangvien", "owner", "phobithu"),
        ("phobithu", "phobithu", "owner", None),  # nobody else sees it
    ],
)
def test_finish_asks_who_may_confirm(cast, give, giver, owner, audience, asked):
    by = cast[giver] if giver else None
    progress.finish(give(by=by, owner=cast[owner].member, audience=audience), text="Xong.", by=cast[owner])
    found = Notice.objects.filter(kind="assignment.finished").values_list("recipient__user__username", flat=True)
    assert list(found) == ([asked] if asked else [])


def test_finish_asks_the_secretary_when_the_giver_left(cast, give, committee, member, other_cell):
    task = give(by=committee)
    Post.objects.filter(member=committee.member).delete()
    Membership.objects.filter(member=committee.member).update(cell=other_cell)
    progress.finish(Assignment.objects.get(pk=task.pk), text="Xong.", by=member)
    assert Notice.objects.get(kind="assignment.finished").recipient == cast["bithu"].member


def test_confirm_ends_it_and_tells_the_owner(in_state, member, secretary):
    task = in_state("done")
    assert (task.state, task.confirmed_by) == (State.DONE, secretary)
    assert task.confirmed_at is not None
    assert told() == [("assignment.confirmed", member.member_id)]  # what had not gone out is not sent any more
    assert verbs() == ["assignment.given", "assignment.finished", "assignment.confirmed"]


def test_return_gives_the_reason_and_the_work_goes_on(in_state, member, secretary):
    task = in_state("reported")
    task = progress.return_(task, reason="Còn thiếu 1 hộ.", by=secretary)
    assert (task.state, task.finished_at) == (State.DOING, None)
    assert kinds(task) == [("finished", "Đủ 6 hộ."), ("returned", "Còn thiếu 1 hộ.")]
    assert told() == [
        (f"assignment.{kind}", member.member_id) for kind in ("given", "due_soon", "returned")
    ]  # fmt: skip


def test_finish_again_after_a_return_asks_again(in_state, member, secretary):
    task = progress.return_(in_state("reported"), reason="Còn thiếu 1 hộ.", by=secretary)
    progress.finish(task, text="Đã đủ.", by=member)
    assert [kind for kind, _ in told()] == ["assignment.given", "assignment.returned", "assignment.finished"]


def test_return_needs_a_reason(in_state, secretary):
    with pytest.raises(Refused) as caught:
        progress.return_(in_state("reported"), reason=" ", by=secretary)
    assert (caught.value.field, caught.value.message) == ("reason", "Đồng chí ghi lý do trả lại.")


def test_cancel_before_the_mail_went_out_sends_nothing(task, secretary):
    task = progress.cancel(task, reason="Tổ đã làm.", by=secretary)
    assert (task.state, task.cancel_reason, told()) == (State.CANCELLED, "Tổ đã làm.", [])
    assert verbs() == ["assignment.given", "assignment.cancelled"]


def test_cancel_corrects_what_was_already_said(task, member, secretary):
    Notice.objects.update(outcome="sent")
    progress.cancel(task, reason="Tổ đã làm.", by=secretary)
    assert told() == [
        (f"assignment.{kind}", member.member_id) for kind in ("given", "due_soon", "cancelled")
    ]  # fmt: skip


def test_cancel_tells_helpers_who_were_told(give, helper, member, secretary):
    task = give(helpers=[helper.member])
    Notice.objects.filter(kind="assignment.given").update(outcome="sent")
    progress.cancel(task, reason="Tổ đã làm.", by=secretary)
    found = Notice.objects.filter(kind="assignment.cancelled").values_list("recipient", flat=True)
    assert set(found) == {helper.member_id, member.member_id}


@pytest.mark.parametrize("state", ["reported", "done", "cancelled"])
def test_what_ends_leaves_nothing_waiting_about_the_open_task(in_state, state, helper):
    """Closing or cancelling never leaves a reminder; what may still wait is the word of the closing itself."""
    task = in_state("given", title="việc", helpers=[helper.member])
    extending.ask(task, until=task.due_on + DAY, reason="Mưa.", by=task.owner.user)
    Notice.objects.create(cell=task.cell, recipient=task.owner, kind="meeting.progress", subject="x",
                          key=f"assignment:{task.pk}:progress:7")  # fmt: skip
    reminding.plan_late(timezone.now() + 40 * DAY)
    waiting = Notice.objects.filter(outcome="", key__startswith=f"assignment:{task.pk}:")
    assert {notice.kind for notice in waiting} > {"assignment.late", "assignment.late_deputy"}
    by, owner = task.given_by, task.owner.user
    if state == "cancelled":
        progress.cancel(task, reason="Không cần.", by=by)
    else:
        progress.finish(task, text="Xong.", by=owner)
    if state == "done":
        progress.confirm(task, by=by)
    allowed = {"reported": {"assignment.given", "assignment.finished"}, "done": {"assignment.confirmed"},
               "cancelled": set()}  # fmt: skip
    assert {notice.kind for notice in waiting.all()} == allowed[state]
    assert task.extensions.get().answer == "dropped"


def test_cancel_needs_a_reason(task, secretary):
    with pytest.raises(Refused) as caught:
        progress.cancel(task, reason="", by=secretary)
    assert (caught.value.field, caught.value.message) == ("reason", "Đồng chí ghi lý do rút nhiệm vụ.")


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("action", MOVES)
def test_a_move_from_a_wrong_state_says_where_the_task_is(in_state, secretary, state, action):
    """Two people pressing one button, or a page left open: the second is told, nothing is written."""
    task = in_state(state)
    if state in MOVES[action].source:
        return
    lines = Activity.objects.count()
    values = {"text": "x", "reason": "x", "note": "x", "until": task.due_on + DAY}
    asked = inspect.signature(progress.STEPS[action]).parameters
    needs = {name: value for name, value in values.items() if name in asked}
    with pytest.raises(WrongState) as caught:
        progress.STEPS[action](task, by=secretary, **needs)
    assert caught.value.message == (
        f"Không thực hiện được “{MOVES[action].label}”: hiện ở trạng thái “{State(state).label}”. "
        "Trang đã được tải lại với tình trạng mới nhất."
    )
    assert Activity.objects.count() == lines
    assert Assignment.objects.get(pk=task.pk).state == state
