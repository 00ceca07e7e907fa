"""The demo's own certificate authority: never a real one, only made in demo mode.

Its root is trusted by this installation only (SIGNING_ROOTS); files and password are shown on the login page.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

AUTHORITY = "Nơi cấp chứng thư dùng thử"
YEARS = 3
PAST_DAYS = 550
KEY_BITS = 2048
ROOT = "root.pem"


def issue_demo_certificates(folder, people, password: str) -> None:
    """Make a root and one PKCS#12 file ``<username>.p12`` per (username, full name) in ``folder`` (0700, files 0600).

    An existing root is replaced together with all files: the demo's papers are signed anew.
    """
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_key = _new_key()
    root = _certificate(AUTHORITY, root_key, AUTHORITY, root_key, authority=True)
    for username, full_name in people:
        key = _new_key()
        certificate = _certificate(full_name, key, AUTHORITY, root_key)
        lock = BestAvailableEncryption(password.encode())
        data = pkcs12.serialize_key_and_certificates(full_name.encode(), key, certificate, [root], lock)
        _write(folder / f"{username}.p12", data)
    _write(folder / ROOT, root.public_bytes(Encoding.PEM))


def _new_key():
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _certificate(name, key, issuer, issuer_key, *, authority=False):
    """An X.509 certificate whose common name is the full Vietnamese name.

    Valid for YEARS from today, and for the past months in which the demo's papers were signed.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    today = datetime.now(UTC)
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_distinguished(name))
        .issuer_name(_distinguished(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=PAST_DAYS))
        .not_valid_after(today + timedelta(days=365 * YEARS + 1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(_usage(authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, SHA256())


def _distinguished(name):
    """Common name is at most 64 bytes (X.520); a longer one is cut at the last whole word."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    short = name.strip()
    while len(short.encode()) > 64:
        short = short.rpartition(" ")[0] or short[: len(short) // 2]
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, short)])


def _usage(authority):
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path, data):
    path.touch(mode=0o600)
    path.write_bytes(data)
