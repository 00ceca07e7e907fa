"""Findings of an audit: by hand, answered, judged; what is demanded."""

from django.shortcuts import redirect, render

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from fees.forms.audits import AnswerFindingForm, DemandForm, FindingForm, JudgeForm
from fees.models import Demand
from fees.queries import audits as queries
from fees.services import findings as services
from fees.views.audits import fetch

BACK = "Cuộc kiểm tra"


def _finding(request, perm, pk):
    return get_for(request.user, queries.whole_findings(), perm, pk=pk)


def _form(request, form, audit, **words):
    context = {"form": form, "back_url": audit.get_absolute_url(), "back_name": BACK, **words}
    return render(request, "core/form.html", context, status=form_status(form))


def finding(request, pk):
    """One finding: what the check reads, who is meant, the answer, the verdict."""
    row = _finding(request, "fees.view_finding", pk)
    opens = request.user.has_perm("fees.view_finding", row.audit)
    context = {"finding": row, "audit": row.audit, "opens": opens, "check": queries.check_of(row),
               "row": queries.dressed(row.audit, [row], **_may(request.user, row))[0]}  # fmt: skip
    return render(request, "fees/finding.html", context)


def _may(user, row):
    return {
        "answers": user.has_perm("fees.answer_finding", row),
        "judges": user.has_perm("fees.judge_finding", row),
    }


def finding_new(request, pk):
    """What the inspectors found themselves."""
    audit = fetch(request, pk, "fees.find_audit")
    form = FindingForm(posted(request), audit=audit)
    if attempt(request, form, services.add_finding, audit, by=request.user, success="Đã ghi phát hiện."):
        return redirect(audit)
    return _form(request, form, audit, heading="Ghi phát hiện", verb="Ghi phát hiện", meta=[audit])


def answer(request, pk):
    """The collector answers one finding."""
    row = _finding(request, "fees.answer_finding", pk)
    form = AnswerFindingForm(posted(request), initial={"answer": row.answer})
    if attempt(request, form, services.answer, row, by=request.user, success="Đã ghi giải trình."):
        return redirect(row.audit)
    return _form(request, form, row.audit, heading="Giải trình phát hiện", verb="Gửi giải trình", intro=row.text)


def judge(request, pk):
    """The head inspector keeps the finding or drops it."""
    row = _finding(request, "fees.judge_finding", pk)
    kept = "" if row.upheld is None else "giu" if row.upheld else "bo"
    form = JudgeForm(posted(request), initial={"upheld": kept, "verdict": row.verdict})
    if attempt(request, form, services.judge, row, by=request.user, success="Đã ghi nhận xét."):
        return redirect(row.audit)
    said = f"Giải trình: {row.answer}" if row.answer else "Chưa giải trình."
    words = {"heading": "Nhận xét phát hiện", "verb": "Ghi nhận xét", "intro": row.text, "meta": [said]}
    return _form(request, form, row.audit, **words)


def demand_new(request, pk):
    """What must be mended by when."""
    audit = fetch(request, pk, "fees.demand_audit")
    form = DemandForm(posted(request), audit=audit)
    if attempt(request, form, services.add_demand, audit, by=request.user, success="Đã ghi yêu cầu khắc phục."):
        return redirect(audit)
    return _form(request, form, audit, heading="Thêm yêu cầu khắc phục", verb="Ghi yêu cầu", meta=[audit])


def demand_remove(request, pk):
    """Take a demand out while there is no conclusion."""
    rows = Demand.objects.select_related("audit__cell", "owner").prefetch_related("audit__inspectors")
    row = get_for(request.user, rows, "fees.remove_demand", pk=pk)
    form, audit = ConfirmForm(posted(request)), row.audit
    if attempt(request, form, services.remove_demand, row, by=request.user, success="Đã bỏ yêu cầu."):
        return redirect(audit)
    context = {"form": form, "question": "Bỏ yêu cầu khắc phục?", "verb": "Bỏ yêu cầu", "risk": True, "obj": audit,
               "consequence": row.text}  # fmt: skip
    return render(request, "core/move.html", context, status=form_status(form))
