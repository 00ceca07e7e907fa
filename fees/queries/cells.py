"""Which cell's book a page is about: the one named in the address, else one's own."""

from fees.models import Audit
from fees.models.inspections import collected
from members.models import Organisation


def book_cell(user, slug=""):
    """The cell whose book is asked for, or None where there is none that the person may know of.

    Without ``slug`` the cell whose fees one collects, else the cell whose pages one opens first. Rights to the book
    are asked by the caller. No query for the own cells beyond those every page makes.
    """
    own = {cell.pk: cell for cell in user.cells if cell.is_cell}
    if not slug:
        mine = sorted(collected(user))
        if mine and mine[0] not in own:
            return _others().filter(pk=mine[0]).first()
        return own[mine[0]] if mine else user.home_cell
    for cell in own.values():
        if cell.slug == slug:
            return cell
    under_way = Audit.objects.inspected_by(user.member_id).values_list("cell", flat=True)
    known = {organisation for organisation, _ in user.posts} | user.overseen_ids | set(under_way)
    return _others().filter(slug=slug, pk__in=known).first()


def _others():
    return Organisation.objects.cells().select_related("parent")
