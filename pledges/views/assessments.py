"""Self-assessments: begun, written, handed in; the level of the cell."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.access import get_for
from core.errors import Refused
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import WrongState, actions_for
from pledges import queries
from pledges.forms import ASSESSMENT_FORMS
from pledges.models import Assessment
from pledges.services import assessing
from pledges.states import ASSESSMENT_MOVES, AssessmentState
from pledges.views.places import pledge_for
from pledges.views.pledge import heading
from pledges.writing_forms import AssessmentForm

SENT = "Đã gửi bản tự đánh giá cho chi ủy."
SUCCESS = {
    "submit": SENT,
    "return": "Đã đề nghị sửa, người tự đánh giá được báo.",
    "level": "Đã ghi mức chi bộ xếp, người tự đánh giá được báo.",
    "correct": "Đã sửa mức, người tự đánh giá được báo.",
}


def _paper(request, perm, year, pk, period) -> Assessment:
    rows = queries.whole_assessments()
    return get_for(request.user, rows, perm, pledge=pk, pledge__year=year, period=period)


def assessment(request, year, pk, period):
    """Every deed with its result, the level claimed and the level given."""
    row = _paper(request, "pledges.view_assessment", year, pk, period)
    context = {
        "paper": row,
        "pledge": row.pledge,
        "results": list(row.results.all()),
        "actions": actions_for(request.user, row),
        "writes": row.is_writable and request.user.has_perm("pledges.write_assessment", row),
        "eyebrow": heading(request.user, row.pledge),
        "primary": "level" if row.state == AssessmentState.SUBMITTED else "submit",
    }
    return render(request, "pledges/assessment.html", context)


@require_POST
def start(request, year, pk, period):
    """Begin it; found again if it was begun."""
    pledge = pledge_for(request, "pledges.write_assessment", year, pk)
    form = ConfirmForm(posted(request))
    if not attempt(request, form, assessing.start, pledge, period=period, by=request.user):
        messages.error(request, " ".join(form.non_field_errors()))
        return redirect(pledge)
    return redirect("pledges:assessment_write", year, pk, period)


def write(request, year, pk, period):
    """The form; "gui" saves first, then hands in."""
    row = _paper(request, "pledges.write_assessment", year, pk, period)
    if request.method == "GET" and not row.is_writable:
        return redirect(row)
    deeds, sends = list(row.pledge.deeds.prefetch_related("progress")), "gui" in request.POST
    form = AssessmentForm(posted(request), assessment=row, deeds=deeds)
    done, undone = "" if sends else "Đã lưu bản nháp.", "Chưa lưu được"
    if attempt(request, form, assessing.save, row, by=request.user, success=done):
        if not sends or _sent(request, row, form):
            return redirect(row)
        form.renew()
        undone = "Đã lưu bản nháp nhưng chưa gửi được"
    context = {"form": form, "paper": row, "pledge": row.pledge, "undone": undone}
    return render(request, "pledges/assessment_write.html", context, status=form_status(form))


def _sent(request, row, form) -> bool:
    """Hand in what was just saved; what is missing goes to its field."""
    if form.say_missing():
        return False
    try:
        assessing.submit(row, by=request.user)
    except WrongState:  # the same click was faster
        return True
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    messages.success(request, SENT)
    return True


def move(request, year, pk, period, action):
    """GET asks the question; POST acts."""
    row = _paper(request, f"pledges.{action}_assessment", year, pk, period)
    if action not in ASSESSMENT_MOVES:
        raise PermissionDenied
    form = ASSESSMENT_FORMS[action](posted(request), initial={"level": row.level or row.self_level})
    if attempt(request, form, assessing.STEPS[action], row, by=request.user, success=SUCCESS[action]):
        return redirect(row)
    context = {
        "obj": row, "step": ASSESSMENT_MOVES[action], "form": form, "action": action,
    }  # fmt: skip
    return render(request, "pledges/assessment_move.html", context, status=form_status(form))
