"""Reading certificates: what a PKCS#12 file holds, whose it is, which roots we trust. Nothing is stored or logged."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from core.errors import Refused
from core.vietnamese import fold, nfc

P12_LIMIT = 2_500_000  # bytes: stays in memory, Django writes larger uploads to disk
NOT_OPENED = "Mật khẩu của tệp chứng thư chưa đúng. Kiểm tra phím hoa, phím số rồi nhập lại và chọn lại tệp."
NOT_P12 = "Tệp này không phải tệp chứng thư (.p12 hoặc .pfx). Chọn đúng tệp do nơi cấp chứng thư giao."


@dataclass(frozen=True)
class Certificate:
    """What is shown and kept of a certificate: whose, by whom, number, validity."""

    name: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime


def describe(certificate) -> Certificate:
    """The facts of an asn1crypto certificate."""
    validity = certificate["tbs_certificate"]["validity"]
    return Certificate(
        name=_name(certificate.subject)[:200],
        issuer=_name(certificate.issuer)[:200],
        serial=f"{certificate.serial_number:x}"[:64],
        valid_from=validity["not_before"].native.astimezone(UTC),
        valid_until=validity["not_after"].native.astimezone(UTC),
    )


def _name(name) -> str:
    native = name.native
    found = native.get("common_name") or native.get("organization_name") or name.human_friendly
    return nfc(found if isinstance(found, str) else found[0])


def load_signer(p12: bytes, passphrase: str):
    """A pyHanko signer from the bytes of a PKCS#12 file.

    Raises Refused at field ``p12`` (too large, no PKCS#12, no key in it) or ``passphrase`` (does not open it).
    """
    from cryptography.hazmat.primitives.serialization import pkcs12

    if len(p12) >= P12_LIMIT:
        raise Refused("Tệp chứng thư lớn hơn 2,5 MB nên không phải tệp .p12 hoặc .pfx của cá nhân.", field="p12")
    _require_p12(p12)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(p12, passphrase.encode())
    except ValueError:
        raise Refused(NOT_OPENED, field="passphrase") from None
    if key is None or certificate is None:
        raise Refused("Tệp chứng thư không có khóa riêng nên không ký được. Xuất lại tệp kèm khóa riêng.", field="p12")
    return _signer(key, certificate, others)


def _require_p12(p12):
    from asn1crypto.pkcs12 import Pfx

    try:
        pfx = Pfx.load(p12, strict=True)
        known = pfx["version"].native == "v3" and pfx["auth_safe"]["content_type"].native
    except (ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise Refused(NOT_P12, field="p12") from None


def _signer(key, certificate, others):
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate as Asn1Certificate
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register_multiple([Asn1Certificate.load(other.public_bytes(Encoding.DER)) for other in others])
    return SimpleSigner(
        signing_cert=Asn1Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=store,
    )


def require_in_force(certificate: Certificate, field: str, now=None):
    """Raise Refused at ``field`` when the certificate is out of its days."""
    now = now or timezone.now()
    if certificate.valid_until < now:
        raise Refused(f"Chứng thư của “{certificate.name}” đã hết hạn {_day(certificate.valid_until)}.", field=field)
    if certificate.valid_from > now:
        raise Refused(
            f"Chứng thư của “{certificate.name}” chỉ có hiệu lực từ {_day(certificate.valid_from)}.", field=field
        )


def require_person(certificate: Certificate, signer, confirmed_name: str):
    """The name on the certificate is the signer's (marks and case ignored), or was written down to confirm it.

    Raises Refused at ``confirmed_name`` with the name that stands on the certificate.
    """
    if fold(certificate.name) == fold(signer.member_name) or fold(certificate.name) == fold(confirmed_name):
        return
    raise Refused(
        f"Chứng thư này mang tên “{certificate.name}”, khác với người ký là đồng chí {signer.member_name}. "
        "Nếu đúng là chứng thư của đồng chí đó, ghi lại tên trên chứng thư vào ô xác nhận và gửi lại tệp.",
        field="confirmed_name",
    )


def _day(moment) -> str:
    return "ngày " + timezone.localtime(moment).strftime("%d/%m/%Y")


def trusted_roots() -> list:
    """Root certificates configured by SIGNING_ROOTS (PEM files); a file that is not there is passed over."""
    from pyhanko.keys import load_certs_from_pemder

    return list(load_certs_from_pemder([str(path) for path in settings.SIGNING_ROOTS if path.is_file()]))
