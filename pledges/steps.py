"""What a person has to do now for a pledge, in one sentence with one button."""

from dataclasses import dataclass

from django.urls import reverse

from core.vietnamese import date_text, lower_first
from pledges.models import Pledge, PledgeYear
from pledges.states import AssessmentState, Period, PledgeState

OF_MEMBER = {
    "begin": "Đồng chí viết bản đăng ký và bản cam kết năm {year}, gửi chi ủy {by}.",
    "draft": "Bản đăng ký còn là bản nháp, chỉ riêng đồng chí xem được. Đồng chí viết xong rồi gửi chi ủy {by}.",
    "submitted": "Đồng chí đã gửi bản đăng ký ngày {sent}, chi ủy đang xem. Hiện đồng chí chưa phải làm gì.",
    "returned": "Chi ủy đề nghị sửa bản đăng ký. Đồng chí sửa rồi gửi lại {by}.",
    "assess": "Đồng chí tự đánh giá {period}, gửi chi ủy {by}.",
    "assess_returned": "Chi ủy đề nghị sửa bản tự đánh giá {period}. Đồng chí sửa rồi gửi lại {by}.",
    "assess_submitted": "Đồng chí đã gửi bản tự đánh giá {period}, chờ chi bộ xếp mức.",
    "levelled": "Chi bộ đã xếp mức {period}: {level}.",
    "do": "Bản đăng ký đã được xác nhận. Đồng chí thực hiện và ghi tiến độ khi có kết quả.",
}
OF_COLLECTIVE = OF_MEMBER | {
    "begin": "Chi ủy viết bản đăng ký của tập thể chi bộ năm {year} {by}.",
    "draft": "Chi ủy đang soạn bản đăng ký của tập thể; viết xong thì gửi để bí thư hoặc phó bí thư xác nhận {by}.",
    "submitted": "Bản đăng ký của tập thể đã gửi ngày {sent}, chờ bí thư hoặc phó bí thư xác nhận.",
    "returned": "Bản đăng ký của tập thể cần sửa rồi gửi lại {by}.",
    "assess": "Chi ủy tự đánh giá {period} của tập thể {by}.",
    "assess_returned": "Bản tự đánh giá {period} của tập thể cần sửa rồi gửi lại {by}.",
    "assess_submitted": "Bản tự đánh giá {period} của tập thể chờ ghi mức.",
    "do": "Bản đăng ký của tập thể đã được xác nhận. Chi ủy ghi tiến độ khi có kết quả.",
}


@dataclass(frozen=True)
class Step:
    """``words``: what to do by when; ``verb`` and ``url`` of the button, with ``post`` where it begins a paper.

    ``waits``: nothing to be done; ``late``: the day has passed.
    """

    words: str
    verb: str = ""
    url: str = ""
    post: bool = False
    waits: bool = False
    late: bool = False


def step(row: PledgeYear, pledge: Pledge, today) -> Step:
    """The next thing of one's own pledge, or of the collective's, in an opened year."""
    if pledge.state != PledgeState.REGISTERED:
        return _writing(row, pledge, today)
    return _assessing(row, pledge, today) or _doing(pledge)


def begin(row: PledgeYear, today, *, collective=False) -> Step:
    """Nothing is written yet; the buttons are the page's, because last year's may be copied."""
    words = (OF_COLLECTIVE if collective else OF_MEMBER)["begin"]
    return Step(words.format(year=row.year, by=_by(row.due_on, today)), late=row.due_on < today)


def _by(due_on, today) -> str:
    if due_on < today:
        return f"ngay, hạn {date_text(due_on)} đã qua"
    return f"trước hết ngày {date_text(due_on)}"


def _say(pledge, key, **facts) -> str:
    return (OF_COLLECTIVE if pledge.is_collective else OF_MEMBER)[key].format(**facts)


def _writing(row, pledge, today):
    url, late = reverse("pledges:pledge_write", args=[pledge.year, pledge.pk]), row.due_on < today
    by = _by(row.due_on, today)
    if pledge.state == PledgeState.DRAFT:
        return Step(_say(pledge, "draft", by=by), "Viết tiếp bản đăng ký", url, late=late)
    if pledge.state == PledgeState.RETURNED:
        return Step(_say(pledge, "returned", by=by), "Sửa bản đăng ký", url, late=late)
    words = _say(pledge, "submitted", sent=date_text(pledge.submitted_at))
    return Step(words, "Xem bản đăng ký", pledge.get_absolute_url(), waits=True)


def _assessing(row, pledge, today):
    """The latest self-assessment that was asked for; None while none is."""
    papers = {paper.period: paper for paper in pledge.assessments.all()}
    for period in (Period.YEAR, Period.HALF):
        if due_on := row.due_of(period):
            return _of_period(pledge, papers.get(period), period, due_on, today)
    return None


def _of_period(pledge, paper, period, due_on, today):
    where, late = [pledge.year, pledge.pk, period.value], due_on < today
    facts = {"period": lower_first(period.label), "by": _by(due_on, today)}
    if paper is None:
        url = reverse("pledges:assessment_start", args=where)
        return Step(_say(pledge, "assess", **facts), f"Tự đánh giá {facts['period']}", url, post=True, late=late)
    write, read = (reverse(f"pledges:{name}", args=where) for name in ("assessment_write", "assessment"))
    if paper.state == AssessmentState.DRAFT:
        return Step(_say(pledge, "assess", **facts), "Viết tiếp bản tự đánh giá", write, late=late)
    if paper.state == AssessmentState.RETURNED:
        return Step(_say(pledge, "assess_returned", **facts), "Sửa bản tự đánh giá", write, late=late)
    if paper.state == AssessmentState.SUBMITTED:
        return Step(_say(pledge, "assess_submitted", **facts), "Xem bản tự đánh giá", read, waits=True)
    words = _say(pledge, "levelled", level=lower_first(paper.get_level_display()), **facts)
    return Step(words, "Xem mức chi bộ xếp", read, waits=True)


def _doing(pledge):
    return Step(_say(pledge, "do"), "Ghi tiến độ", f"{pledge.get_absolute_url()}#viec")
