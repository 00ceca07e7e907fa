"""Every list pages; the chips of its filters."""

from urllib.parse import urlencode

from django.core.paginator import Paginator

PER_PAGE = 30


def paginate(request, queryset, per_page=PER_PAGE):
    """The page asked for by ``?trang=``; a wrong number gives the nearest page.

    The page carries ``query``: the other parameters of the address, ready to be put before ``trang=``.
    """
    page = Paginator(queryset, per_page).get_page(request.GET.get("trang"))
    others = request.GET.copy()
    others.pop("trang", None)
    page.query = f"{others.urlencode()}&" if others else ""
    return page


def chip(url, label, *, current, count=None, **query) -> dict:
    """One choice of a filter (core/_filter.html): ``query`` becomes its address, values that are empty left out."""
    values = urlencode({name: value for name, value in query.items() if value})
    return {"url": f"{url}?{values}" if values else url, "label": label, "current": current, "count": count}
