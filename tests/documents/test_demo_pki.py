"""The demo's own authority."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import ExtensionOID, NameOID

from documents.demo_pki import issue_demo_certificates
from tests.documents.conftest import PASSWORD, PEOPLE


def test_certificates_carry_the_full_names_for_three_years(authority):
    for username, full_name in PEOPLE:
        key, certificate, chain = pkcs12.load_key_and_certificates(
            (authority / f"{username}.p12").read_bytes(), PASSWORD.encode()
        )
        (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        days = (certificate.not_valid_after_utc - datetime.now(UTC)).days
        assert (name.value, key.key_size, days, len(chain)) == (full_name, 2048, 3 * 365, 1)


def test_certificates_are_issued_by_the_root_and_may_sign(authority):
    root = load_pem_x509_certificate((authority / "root.pem").read_bytes())
    _, certificate, _ = pkcs12.load_key_and_certificates((authority / "chutri.p12").read_bytes(), PASSWORD.encode())
    certificate.verify_directly_issued_by(root)
    usage = certificate.extensions.get_extension_for_oid(ExtensionOID.KEY_USAGE).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)


def test_files_are_for_the_owner_only(authority):
    assert {path.name: oct(path.stat().st_mode)[-3:] for path in authority.iterdir()} == {
        "chutri.p12": "600",
        "thuky.p12": "600",
        "root.pem": "600",
    }


def test_a_name_of_100_characters_is_cut_at_a_word(tmp_path):
    name = ("Nguyễn Phúc Hoàng Thị " * 5)[:100]
    issue_demo_certificates(tmp_path, [("dai", name)], PASSWORD)
    _, certificate, _ = pkcs12.load_key_and_certificates((tmp_path / "dai.p12").read_bytes(), PASSWORD.encode())
    (common,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert common.value == "Nguyễn Phúc Hoàng Thị Nguyễn Phúc Hoàng Thị Nguyễn"
