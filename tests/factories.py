"""One factory per model, no surprises: what a test does not say is plain and valid."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members import models as m
from members.states import PostTitle, StatusKind

LONG_AGO = datetime.date(2020, 1, 1)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = m.Organisation

    kind = "superior"
    name = factory.Sequence(lambda n: f"Đảng ủy phường Thử {n}")
    short_name = factory.Sequence(lambda n: f"Phường Thử {n}")
    slug = factory.Sequence(lambda n: f"phuong-thu-{n}")
    document_name = factory.LazyAttribute(lambda o: o.name.upper())
    place = "Thử"
    symbol = "ĐU"
    term = "2025-2030"


class CellFactory(OrganisationFactory):
    kind = "cell"
    parent = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Chi bộ Tổ dân phố số {n}")
    short_name = factory.Sequence(lambda n: f"Tổ dân phố số {n}")
    slug = factory.Sequence(lambda n: f"to-dan-pho-{n}")
    symbol = "CB"
    meeting_place = "Nhà văn hóa"


class MemberFactory(DjangoModelFactory):
    """A person; ``cell=`` puts them on its roll, ``status=`` is official unless said otherwise."""

    class Meta:
        model = m.Member
        skip_postgeneration_save = True

    full_name = factory.Sequence(lambda n: f"Trần Văn Thử {n}")
    email = factory.Sequence(lambda n: f"thu{n}@example.com")

    @factory.post_generation
    def cell(self, create, cell, **kwargs):
        if cell:
            m.Membership.objects.create(member=self, cell=cell, starts_on=LONG_AGO)

    @factory.post_generation
    def status(self, create, status, **kwargs):
        m.Status.objects.create(member=self, kind=status or StatusKind.OFFICIAL, starts_on=LONG_AGO)


class PostFactory(DjangoModelFactory):
    class Meta:
        model = m.Post

    title = PostTitle.COMMITTEE_MEMBER
    starts_on = LONG_AGO
    term = "2025-2030"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = m.User

    username = factory.Sequence(lambda n: f"nguoi{n}")
    member = factory.SubFactory(MemberFactory)
    password = "!"


def person(cell, *titles, name=None, status=StatusKind.OFFICIAL, username=None, organisation=None):
    """An account of a member of ``cell`` who holds ``titles`` there (or in ``organisation``)."""
    member = MemberFactory(cell=cell, status=status, **({"full_name": name} if name else {}))
    for title in titles:
        PostFactory(member=member, organisation=organisation or cell, title=title)
    return UserFactory(member=member, **({"username": username} if username else {}))


def at(days=0, hour=14, minute=0):
    """A local moment that many days from today."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))
