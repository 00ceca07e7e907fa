"""The committee's board, its print, and the numbers of the home page."""

import datetime
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from assignments import queries
from assignments.models import Assignment
from members.models import Membership

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def busy(in_state, give, clerk, deputy):
    """Of the member one to do, late, reported, done; of the clerk one, and one that the committee may not see."""
    in_state("given", title="mới")
    late = in_state("doing", title="muộn")
    Assignment.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - 2 * DAY)
    in_state("reported", title="chờ")
    in_state("done", title="xong")
    give(title="của thư ký", owner=clerk.member)
    give(title="riêng", owner=clerk.member, audience="owner", by=deputy)


def board(client, query=""):
    context = client.get(f"/assignments/board/{query}").context
    found = []
    for member, tasks in context["lines"]:
        numbers = (member.n_open, member.n_late, member.n_waiting, member.n_done)
        found.append((member.full_name, numbers, [task.title for task in tasks]))
    return found


def test_board_counts_and_lists_by_given_name(busy, committee, as_user):
    found = board(as_user(committee))
    assert [row for row in found if row[2]] == [
        ("Đỗ Mai Anh", (1, 0, 0, 0), ["của thư ký"]),
        ("Ngô Xuân Trường", (2, 1, 1, 1), ["muộn", "mới", "chờ"]),
    ]
    assert [name for name, _, _ in found] == ["Đỗ Mai Anh", "Ngô Xuân Trường"]


def test_board_folds_who_has_no_work_at_the_end(busy, committee, as_user):
    page = as_user(committee).get("/assignments/board/")
    assert [member.full_name for member in page.context["idle"]] == [
        "Nguyễn Thị Ánh", "Lê Văn Bảy", "Trần Quốc Bình", "Phan Văn Chương", "Phạm Đức Cường", "Đỗ Thị Dung",
        "Lê Thị Hồng",
    ]  # fmt: skip
    text = page.content.decode()
    assert text.count("<summary>7 đồng chí chưa có nhiệm vụ nào</summary>") == 1
    assert text.count('href="/resolutions/clauses/"') == 1


def test_board_of_those_who_are_late(busy, committee, as_user):
    client = as_user(committee)
    assert board(client, "?loc=qua-han") == [("Ngô Xuân Trường", (2, 1, 1, 1), ["muộn"])]
    Assignment.objects.filter(title="muộn").update(state="cancelled")
    page = client.get("/assignments/board/?loc=qua-han").content.decode()
    assert page.count("Không ai có việc quá hạn") == 1


def test_board_keeps_whoever_left_with_work_undone(busy, committee, clerk, other_cell, as_user):
    Membership.objects.filter(member=clerk.member).update(cell=other_cell)
    assert [row[0] for row in board(as_user(committee)) if row[2]] == ["Đỗ Mai Anh", "Ngô Xuân Trường"]


def test_board_says_the_sum(busy, committee, as_user):
    assert as_user(committee).get("/assignments/board/").context["totals"] == {
        "n_open": 3, "n_late": 1, "n_waiting": 1,
    }  # fmt: skip


def test_printed_board_has_everybody_with_work_to_do(busy, committee, as_user):
    answer = as_user(committee).get("/assignments/board.pdf")
    name = f"bang-nhiem-vu-{timezone.localdate():%Y-%m-%d}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    assert "Chi bộ có 3 việc chưa xong, trong đó 1 việc quá hạn; 1 việc đã báo cáo, chờ xác nhận." in text
    assert [word in text for word in ("Ngô Xuân Trường", "muộn", "Quá 2 ngày", "của thư ký", "riêng", "xong năm")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_owed_is_unfinished_work_of_ones_own_and_helped_with(busy, give, helper, member, clerk):
    give(title="cùng làm", owner=clerk.member, helpers=[member.member])
    found = queries.owed(member.member)
    assert [task.title for task in found] == ["muộn", "mới", "chờ", "cùng làm"]
