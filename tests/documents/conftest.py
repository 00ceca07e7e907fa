"""The cast of the papers: a cell under its superior, a chair, a clerk, and a demo authority with their certificates."""

from dataclasses import dataclass
from datetime import date

import pytest

from core.errors import Refused
from documents import queries
from documents.demo_pki import issue_demo_certificates
from documents.services import papers, signing
from members.models import Member, Membership, Organisation, Post, User

PASSWORD = "chìa khóa 5"
CHAIR_NAME = "Nguyễn Văn Thành"
CLERK_NAME = "Đỗ Thị Mai Anh"
PEOPLE = [("chutri", CHAIR_NAME), ("thuky", CLERK_NAME)]
USERS = {"chair": "chutri", "clerk": "thuky"}


def bytes_of(paper) -> bytes:
    """The newest stored version of a paper."""
    return queries.read_checked(queries.current_file(paper))


def refusal(call, *args, **kwargs) -> tuple:
    """(field, sentence) with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.field, caught.value.message


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Folder of a demo authority: root.pem, chutri.p12, thuky.p12."""
    folder = tmp_path_factory.mktemp("pki")
    issue_demo_certificates(folder, PEOPLE, PASSWORD)
    return folder


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path_factory, authority):
    """Files of one test lie in their own folder; the demo authority is the only configured root."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    settings.SIGNING_ROOTS = [authority / "root.pem", authority / "absent.pem"]
    settings.BASE_URL = "https://chibo.example.vn"


@dataclass
class Cast:
    superior: Organisation
    cell: Organisation
    chair: Member
    clerk: Member
    by: User


@pytest.fixture
def cast(db):
    """Chi bộ Tổ dân phố số 5 under Đảng bộ phường Hòa Mai, its secretary and the clerk of the meeting."""
    superior = Organisation.objects.create(
        kind="superior",
        name="Đảng ủy phường Hòa Mai",
        short_name="Hòa Mai",
        slug="hoa-mai",
        document_name="Đảng bộ phường Hòa Mai",
        place="Hòa Mai",
        symbol="ĐU",
        term="2025-2030",
    )
    cell = Organisation.objects.create(
        parent=superior,
        kind="cell",
        name="Chi bộ Tổ dân phố số 5",
        short_name="Tổ 5",
        slug="to-5",
        document_name="Chi bộ Tổ dân phố số 5",
        place="Hòa Mai",
        term="2025-2030",
    )
    chair, clerk = (Member.objects.create(full_name=name) for _, name in PEOPLE)
    for member in (chair, clerk):
        Membership.objects.create(member=member, cell=cell, starts_on=date(2020, 1, 1))
    Post.objects.create(member=chair, organisation=cell, title="secretary", starts_on=date(2025, 1, 1))
    by = User.objects.create_user("bithu", member=chair)
    return Cast(superior, cell, chair, clerk, by)


@pytest.fixture
def draft(cast):
    """Minutes of December, still a draft."""
    return papers.create_paper(
        cast.cell,
        "minutes",
        term="2025-2030",
        subject="sinh hoạt chi bộ thường kỳ tháng 12/2026",
        signers=[("chair", cast.chair, "Bí thư"), ("clerk", cast.clerk, "Thư ký")],
        by=cast.by,
    )


@pytest.fixture
def adopted(draft, cast):
    return papers.adopt_paper(draft, on=date(2026, 12, 5), by=cast.by)


@pytest.fixture
def sealed(adopted, cast, sample):
    """Minutes sealed to be signed with PKCS#12 files."""
    return papers.seal_paper(adopted, sample, {"items": range(3)}, way="p12", by=cast.by)


@pytest.fixture
def sample(settings):
    """Name of a template with parts, items, a table and enough text for several pages (tests/documents/templates)."""
    folder = settings.BASE_DIR / "tests" / "documents" / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}]
    return "sample.html"


@pytest.fixture
def p12(authority):
    """The bytes of a person's PKCS#12 file: p12("chutri")."""
    return lambda username: (authority / f"{username}.p12").read_bytes()


@pytest.fixture
def sign(p12, cast):
    """sign(paper, "chair"): with that person's own file."""
    return lambda paper, role: signing.sign_with_p12(paper, role, p12(USERS[role]), PASSWORD, by=cast.by)


@pytest.fixture
def signed(sealed, sign):
    """Both have signed with their files, the clerk first."""
    return sign(sign(sealed, "clerk"), "chair")
