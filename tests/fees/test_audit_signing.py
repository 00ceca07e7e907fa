"""The record of an audit is signed by its inspectors and by the collector, each in a place of their own."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from documents import queries as documents
from documents.demo_pki import issue_demo_certificates
from fees.services import concluding
from notices.models import Notice
from tests.documents.reading import pdfsig
from tests.fees.test_auditing import concluded, count, plan, running, team

__all__ = ["team"]  # the fixture
pytestmark = pytest.mark.django_db
PASSWORD = "chibo-demo"
A4 = 595  # points wide
NAMES = {
    "collector": "Vũ Đình Khôi",
    "inspector": "Đỗ Mai Anh",
    "inspector2": "Đinh Thị Lựu",
    "inspector3": "Trần Quốc Bình",
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    issue_demo_certificates(folder, list(NAMES.items()), PASSWORD)
    return folder


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, authority):
    settings.MEDIA_ROOT = tmp_path
    settings.SIGNING_ROOTS = [authority / "root.pem"]


def test_everybody_signs_in_the_own_place(as_user, team, authority, tmp_path):
    """Issue 4, item 7: "the record as a numbered paper signed by inspectors and collector"."""
    audit = concluding.seal(concluded(team), way="p12", by=team["head"])
    url = reverse("fees:audit_sign", args=[audit.pk])
    for who, role in (("head", "inspector"), ("collector", "collector"), ("second", "inspector2")):
        client = as_user(team[who])
        others = [name for name in ("inspector", "collector", "inspector2") if name != role]
        assert client.post(url, {"role": others[0]}).status_code == 403
        file = SimpleUploadedFile("chung-thu.p12", (authority / f"{role}.p12").read_bytes())
        assert client.post(url, {"role": role, "p12": file, "passphrase": PASSWORD}).status_code == 302
    audit.paper.refresh_from_db()
    data = documents.read_checked(documents.current_file(audit.paper))
    assert audit.paper.state == "signed"
    assert pdfsig(data, tmp_path).count("Signature is Valid.") == 3
    assert Notice.objects.filter(kind="fee.to_sign").exclude(outcome="withdrawn").count() == 0
    stored = client.get(reverse("fees:audit_pdf", args=[audit.pk]))
    assert b"".join(stored.streaming_content) == data
    stored.close()


def test_four_places_to_sign_stand_on_the_page(team):
    people = [team[who].member for who in ("head", "second", "secretary")]
    audit = running(team, inspectors=people)
    count(team, audit)
    audit = concluding.conclude(audit, conclusion="Sổ ghi đủ.", by=team["head"])
    audit = concluding.seal(audit, way="p12", by=team["head"])
    fields = PdfReader(BytesIO(documents.read_checked(documents.current_file(audit.paper)))).get_fields()
    boxes = {
        name: [float(edge) for edge in field.indirect_reference.get_object()["/Rect"]] for name, field in fields.items()
    }
    assert sorted(boxes) == ["collector", "inspector", "inspector2", "inspector3"]
    order = sorted(boxes, key=lambda name: boxes[name][0])
    assert order == ["collector", "inspector3", "inspector2", "inspector"]
    assert all(0 < left < right < A4 for left, _, right, _ in boxes.values())


def test_nothing_is_signed_before_the_seal(as_user, team):
    audit = plan(team)
    page = as_user(team["head"]).get(reverse("fees:audit_sign", args=[audit.pk]), follow=True)
    assert "Biên bản chưa khóa nên chưa ký được." in page.content.decode()
