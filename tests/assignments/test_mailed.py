"""What is done about a task from a mail: with and without an account, and when it is refused."""

import pytest

from assignments import mailed
from assignments.models import Report
from assignments.services import progress
from core.errors import Refused
from core.vietnamese import date_text
from members.models import Membership
from notices import actions
from notices.models import MailLink, Notice
from notices.services import links
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
GONE = "Nhiệm vụ này không còn giao cho đồng chí."


@pytest.fixture
def plain(cell):
    """A member without an account."""
    return MemberFactory(full_name="Trương Thị Sáu", cell=cell)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message


def test_wiring_offers_both(task):
    assert actions.find("assignment.receive") == mailed.RECEIVE
    assert actions.find("assignment.report") == mailed.REPORT


def test_pages_say_title_due_and_source(give, member, due):
    task = give(source_label="Nghị quyết 10-NQ/CB, mục II.3")
    facts = [f"Hạn hoàn thành: {date_text(due)}", "Giao từ: Nghị quyết 10-NQ/CB, mục II.3"]
    page = mailed.describe_receipt(task.pk, member.member)
    assert (page.title, page.verb, page.facts) == ("Vận động 6 hộ ngõ 12", "Báo đã nhận", facts)
    page = mailed.describe_report(task.pk, member.member)
    assert (page.title, page.verb, page.facts) == ("Vận động 6 hộ ngõ 12", "Gửi báo cáo tiến độ", facts)


def test_page_names_the_giver_where_there_is_no_source(task, member):
    assert mailed.describe_receipt(task.pk, member.member).facts[1] == "Người giao: đồng chí Trần Quốc Bình"


def test_receive_and_report_with_an_account(task, member, due):
    assert mailed.receive(task.pk, member.member) == (
        f"Đã ghi đồng chí nhận nhiệm vụ. Hạn hoàn thành: {date_text(due)}."
    )
    assert mailed.report(task.pk, member.member, text="Đã đến 2 hộ.") == (
        "Đã ghi báo cáo tiến độ của đồng chí. Người giao việc đọc được báo cáo này."
    )
    assert list(Report.objects.values_list("kind", "by", "member", "text")) == [
        ("received", member.pk, member.member_id, ""),
        ("progress", member.pk, member.member_id, "Đã đến 2 hộ."),
    ]


def test_receive_and_report_without_an_account(give, plain):
    task = give(owner=plain)
    mailed.receive(task.pk, plain)
    mailed.report(task.pk, plain, text="Đã đến 2 hộ.")
    task.refresh_from_db()
    assert (task.state, task.received_at is None) == ("doing", False)
    assert list(Report.objects.values_list("kind", "by", "member")) == [
        ("received", None, plain.pk), ("progress", None, plain.pk),
    ]  # fmt: skip


def test_helper_may_do_both(give, plain):
    task = give(helpers=[plain])
    mailed.receive(task.pk, plain)
    mailed.report(task.pk, plain, text="Đã đến 2 hộ.")
    task.refresh_from_db()
    assert (task.state, task.received_at) == ("doing", None)


def test_received_before_is_said(task, member):
    mailed.receive(task.pk, member.member)
    assert refusal(mailed.describe_receipt, task.pk, member.member) == "Đồng chí đã báo nhận nhiệm vụ này rồi."


@pytest.mark.parametrize("describe", [mailed.describe_receipt, mailed.describe_report])
def test_who_does_not_work_on_it_any_more_is_refused(task, clerk, member, describe):
    assert refusal(describe, task.pk, clerk.member) == GONE
    assert refusal(describe, 0, member.member) == GONE


@pytest.mark.parametrize("act", [mailed.receive, lambda *args: mailed.report(*args, text="Xong.")])
def test_who_left_the_cell_is_refused(task, member, other_cell, act):
    Membership.objects.filter(member=member.member).update(cell=other_cell)
    assert refusal(act, task.pk, member.member) == (
        "Đồng chí không còn trong danh sách của Chi bộ Một nên không làm được việc này từ thư."
    )
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "word"), [("reported", "Chờ duyệt"), ("done", "Hoàn thành"), ("cancelled", "Đã rút")]
)
def test_what_is_not_open_takes_no_report(in_state, member, state, word):
    task = in_state(state)
    sentence = f"Nhiệm vụ này đang ở trạng thái “{word}”, đồng chí không phải báo gì thêm."
    for describe in (mailed.describe_receipt, mailed.describe_report):
        assert refusal(describe, task.pk, member.member) == sentence


def test_a_mailed_link_acts_once(task, member):
    token = links.issue(Notice.objects.get(kind="assignment.given"))
    links.use(MailLink.objects.get(digest=links.digest(token)))
    with pytest.raises(links.DeadLink):
        links.use(MailLink.objects.get(digest=links.digest(token)))
    assert Report.objects.count() == 1


def test_a_report_needs_words_from_a_mail_too(task, member):
    form = mailed.ReportForm({"text": " "})
    assert form.errors == {"text": ["Đồng chí ghi kết quả đã làm."]}
    assert refusal(mailed.report, task.pk, member.member, text=" ") == progress.WORDS_NEEDED
