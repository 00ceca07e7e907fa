"""Each page of people opens for those who may, and only for those."""

import pytest
from django.urls import reverse

from members.models import Organisation

pytestmark = pytest.mark.django_db


def pages(cell, member):
    slug = f"?chi-bo={cell.slug}"
    return [
        reverse("members:list"),
        reverse("members:new") + slug,
        reverse("members:new_visitor") + slug,
        reverse("members:import") + slug,
        reverse("members:detail", args=[member.pk]),
        reverse("members:edit", args=[member.pk]),
        reverse("members:account", args=[member.pk, "slip"]),
        reverse("members:cell", args=[cell.slug]),
        reverse("members:cell_edit", args=[cell.slug]),
        *[
            reverse("members:row_new", args=[member.pk, kind])
            for kind in ("post", "status", "membership", "placement", "exemption", "feecategory")
        ],
    ]


def test_every_page_opens_for_the_secretary(as_user, secretary, member, cell):
    answers = [as_user(secretary).get(url).status_code for url in pages(cell, member.member)]
    assert answers == [200] * len(answers)


def test_ordinary_member_reads_list_person_and_cell_only(as_user, member, secretary, cell):
    """DESIGN §2: members see names only."""
    answers = [as_user(member).get(url).status_code for url in pages(cell, secretary.member)]
    assert answers == [200, 403, 403, 403, 200, 403, 403, 200, 403] + [403] * 6


def test_outsider_does_not_learn_that_the_cell_exists(as_user, outsider, secretary, cell):
    answers = [as_user(outsider).get(url).status_code for url in pages(cell, secretary.member)]
    assert answers == [200] + [404] * (len(answers) - 1)


def test_pages_of_a_superior_open_for_the_sysadmin(as_user, sysadmin, superior_body, member):
    slug = superior_body.slug
    urls = [
        reverse("members:cell", args=[slug]),
        reverse("members:cell_edit", args=[slug]),
        reverse("members:cell_new", args=[slug]),
        reverse("members:post_choose", args=[slug]) + "?q=truong",
        reverse("members:post_give", args=[slug, member.member.pk]),
        reverse("members:post_officer", args=[slug]),
        reverse("members:post_edit", args=[slug, sysadmin.member.post_rows.get().pk]),
        reverse("members:post_delete", args=[slug, sysadmin.member.post_rows.get().pk]),
    ]
    assert [as_user(sysadmin).get(url).status_code for url in urls] == [200] * len(urls)


def test_pages_of_a_superior_are_closed_to_its_officer(as_user, superior, superior_body):
    """The superior reads; organisations and posts above cells belong to the sysadmin."""
    slug = superior_body.slug
    urls = [reverse("members:cell", args=[slug]), reverse("members:cell_new", args=[slug])]
    urls.append(reverse("members:post_choose", args=[slug]))
    assert [as_user(superior).get(url).status_code for url in urls] == [200, 403, 403]


@pytest.mark.parametrize("kind", ["nothing", "user"])
def test_unknown_kind_of_row_is_404(as_user, secretary, member, kind):
    assert as_user(secretary).get(reverse("members:row_new", args=[member.member.pk, kind])).status_code == 404


def test_list_of_an_unknown_cell_is_404(as_user, secretary, other_cell):
    assert as_user(secretary).get(f"{reverse('members:list')}?chi-bo={other_cell.slug}").status_code == 404


def test_a_person_without_a_cell_gets_a_plain_page(as_user, sysadmin):
    Organisation.objects.filter(kind="cell")
    sysadmin.member.membership_rows.all().delete()
    assert as_user(sysadmin).get(reverse("members:list")).status_code == 200
