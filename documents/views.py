"""The check page: the only page that papers serve by themselves. Files are served by their owners' pages."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents import queries, throttle
from documents.forms import CheckForm
from documents.services.checking import check_file

TOO_OFTEN = "Có quá nhiều lần kiểm tra từ địa chỉ này. Chờ mười phút rồi thử lại."


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, code):
    """GET shows what was issued under this code; POST compares a file with it and keeps nothing."""
    paper = get_object_or_404(queries.checkable(), code=code)
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    result, status = None, 200
    if request.method == "POST":
        if not throttle.allow_check(request):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif form.is_valid():
            result = check_file(paper, form.cleaned_data["data"])
        else:
            status = 422
    context = {"paper": paper, "form": form, "result": result, "hash_head": queries.hash_head(paper)}
    return render(request, "documents/verify.html", context, status=status)
