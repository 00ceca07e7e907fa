"""Self-assessments at mid-year and at the year's end, and the level the cell gives."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.states import move
from members.activity import record
from pledges import queries
from pledges.models import Assessment, DeedResult, Pledge
from pledges.services import telling
from pledges.states import Level, PledgeState

LOWER = "Mức thấp hơn mức tự nhận: đồng chí ghi nhận xét để người đăng ký hiểu lý do."


@transaction.atomic
def start(pledge, *, period, by):
    """Begin the self-assessment of a period; found again if it was begun. Raises Refused before it was asked for."""
    pledge = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if pledge.state != PledgeState.REGISTERED:
        raise Refused("Bản đăng ký chưa được chi ủy xác nhận nên chưa tự đánh giá được.")
    year = queries.year_of(pledge.cell, pledge.year)
    if year is None or year.due_of(period) is None:
        raise Refused("Chi ủy chưa mở đợt tự đánh giá này.")
    assessment, fresh = Assessment.objects.get_or_create(pledge=pledge, period=period)
    if fresh:
        record(assessment, "assessment.started", by=by)
    return assessment


@transaction.atomic
def save(assessment, *, text, self_level, results, by):
    """Keep what was written, complete or not; ``results`` is {deed id: (outcome or "", words)}. Raises Refused."""
    row = Assessment.objects.select_for_update(no_key=True).select_related("pledge").get(pk=assessment.pk)
    if not row.is_writable:
        raise Refused("Bản tự đánh giá đã gửi chi ủy.")
    row.text, row.self_level = text.strip(), self_level
    row.save(update_fields=["text", "self_level"])
    for deed in row.pledge.deeds.all():
        outcome, words = results.get(deed.pk, ("", ""))
        if outcome or words.strip():
            DeedResult.objects.update_or_create(
                assessment=row, deed=deed, defaults={"outcome": outcome, "words": words.strip()}
            )
        else:
            DeedResult.objects.filter(assessment=row, deed=deed).delete()
    return row


@transaction.atomic
def submit(assessment, *, by):
    """Hand it in. Raises Refused when a deed has no result or no level is claimed."""
    assessment = move(assessment, "submit")
    if assessment.pledge.state != PledgeState.REGISTERED:
        raise Refused("Bản đăng ký đang được mở lại để bổ sung; tự đánh giá sau khi chi ủy xác nhận lại.")
    done = set(assessment.results.exclude(outcome="").values_list("deed", flat=True))
    left = [deed.position for deed in assessment.pledge.deeds.all() if deed.pk not in done]
    if left:
        raise Refused(f"Đồng chí chọn kết quả của việc {', '.join(map(str, left))}.")
    if not assessment.self_level:
        raise Refused("Đồng chí chọn mức tự nhận.", field="self_level")
    assessment.submitted_at = timezone.now()
    assessment.save(update_fields=["submitted_at"])
    pledge = assessment.pledge
    year = queries.year_of(pledge.cell, pledge.year)
    telling.handed_in(year, pledge.member_id, telling.period_word(assessment.period))
    record(assessment, "assessment.submitted", by=by)
    return assessment


@transaction.atomic
def return_(assessment, *, remark, by):
    """The author reads the remark and mends. Raises Refused without one."""
    remark = needed(remark, "Đồng chí ghi góp ý để người tự đánh giá sửa.", "remark")
    assessment = _answered(move(assessment, "return"), remark, by)
    telling.answered(assessment, "returned", "Chi ủy đề nghị sửa bản tự đánh giá việc làm theo Bác", by)
    record(assessment, "assessment.returned", by=by)
    return assessment


@transaction.atomic
def level(assessment, *, level, by, remark=""):
    """Write down the level that the cell gave. A level under the one claimed needs a remark; raises Refused."""
    _store(assessment, level)
    assessment = _levelled(move(assessment, "level"), remark, by)
    record(assessment, "assessment.levelled", by=by, level=str(level))
    return assessment


@transaction.atomic
def correct(assessment, *, level, by, remark=""):
    """Mend a level that was written down. Raises Refused when it is the same."""
    if _store(assessment, level) == level:
        raise Refused("Mức mới trùng với mức đã ghi.", field="level")
    assessment = _levelled(move(assessment, "correct"), remark, by)
    record(assessment, "assessment.corrected", by=by, level=str(level))
    return assessment


def _store(assessment, level):
    """The level goes in before the state that needs it; returns the earlier one."""
    row = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    before, row.level = row.level, level
    row.save(update_fields=["level"])
    return before


def _levelled(assessment, remark, by):
    order = Level.values
    if assessment.self_level and order.index(assessment.level) > order.index(assessment.self_level):
        remark = needed(remark, LOWER, "remark")
    assessment = _answered(assessment, remark.strip(), by)
    telling.answered(assessment, "levelled", "Chi bộ đã xếp mức thực hiện việc làm theo Bác", by)
    return assessment


def _answered(assessment, remark, by):
    assessment.remark, assessment.answered_at, assessment.answered_by = remark, timezone.now(), by
    assessment.save(update_fields=["remark", "answered_at", "answered_by"])
    return assessment


STEPS = {"submit": submit, "return": return_, "level": level, "correct": correct}
