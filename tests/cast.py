"""The cast. Each person is a User; ``user.member`` is the member.

cell: nine official members with a committee. secretary, deputy, committee (a committee member), clerk (an ordinary
member who keeps the minutes), collector, member, probationary, visitor (temporarily here, home is other_cell).
outsider: secretary of other_cell, which has no committee. superior: officer of the committee above both. sysadmin.
"""

import pytest

from members.models import Placement
from members.states import PlacementKind, PostTitle, StatusKind
from tests.factories import LONG_AGO, CellFactory, MemberFactory, OrganisationFactory, person


@pytest.fixture
def superior_body(db):
    return OrganisationFactory(name="Đảng ủy phường Thử", short_name="Phường Thử", document_name="ĐẢNG ỦY PHƯỜNG THỬ")


@pytest.fixture
def cell(superior_body):
    """Nine official members once the whole cast is there; here four nobody else needs."""
    cell = CellFactory(parent=superior_body, name="Chi bộ Một", short_name="Một", document_name="CHI BỘ MỘT")
    for name in ("Nguyễn Thị Ánh", "Lê Văn Bảy", "Phạm Đức Cường", "Đỗ Thị Dung"):
        MemberFactory(full_name=name, cell=cell)
    return cell


@pytest.fixture
def other_cell(superior_body):
    cell = CellFactory(parent=superior_body, name="Chi bộ Hai", short_name="Hai")
    MemberFactory(full_name="Bùi Văn Em", cell=cell)
    return cell


@pytest.fixture
def secretary(cell):
    return person(cell, PostTitle.SECRETARY, PostTitle.COMMITTEE_MEMBER, name="Trần Quốc Bình", username="bithu")


@pytest.fixture
def deputy(cell):
    return person(cell, PostTitle.DEPUTY, PostTitle.COMMITTEE_MEMBER, name="Lê Thị Hồng", username="phobithu")


@pytest.fixture
def committee(cell):
    return person(cell, PostTitle.COMMITTEE_MEMBER, name="Phan Văn Chương", username="chiuy")


@pytest.fixture
def clerk(cell):
    return person(cell, name="Đỗ Mai Anh", username="thuky")


@pytest.fixture
def collector(cell):
    return person(cell, PostTitle.FEE_COLLECTOR, name="Vũ Đình Khôi", username="thuquy")


@pytest.fixture
def member(cell):
    return person(cell, name="Ngô Xuân Trường", username="dangvien")


@pytest.fixture
def probationary(cell):
    return person(cell, name="Hoàng Thị Yến", status=StatusKind.PROBATIONARY, username="dubi")


@pytest.fixture
def visitor(cell, other_cell):
    user = person(other_cell, name="Cao Bá Ước", username="tamthoi")
    Placement.objects.create(
        member=user.member, kind=PlacementKind.TEMP_HERE, cell=cell, place="Chi bộ Hai", starts_on=LONG_AGO
    )
    return user


@pytest.fixture
def outsider(other_cell):
    return person(other_cell, PostTitle.SECRETARY, name="Tạ Minh Khang", username="chibokhac")


@pytest.fixture
def superior(superior_body):
    office = CellFactory(parent=superior_body, name="Chi bộ Cơ quan", short_name="Cơ quan")
    return person(
        office, PostTitle.SUPERIOR_OFFICER, organisation=superior_body, name="Mai Thị Loan", username="captren"
    )


@pytest.fixture
def sysadmin(superior_body):
    office = CellFactory(parent=superior_body, name="Chi bộ Công nghệ", short_name="Công nghệ")
    return person(office, PostTitle.SYSADMIN, organisation=superior_body, name="Lý Văn Phúc", username="quantri")


@pytest.fixture
def cast(secretary, deputy, committee, clerk, collector, member, probationary, visitor, outsider, superior, sysadmin):
    """Everybody, by username."""
    people = (
        secretary, deputy, committee, clerk, collector, member, probationary, visitor, outsider, superior, sysadmin,
    )  # fmt: skip
    return {user.username: user for user in people}


@pytest.fixture
def as_user(client):
    """``as_user(user)`` gives the test client logged in as that person."""

    def login(user):
        client.force_login(user, backend="members.backends.MemberBackend")
        return client

    return login
