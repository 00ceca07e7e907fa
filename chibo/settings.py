"""Every setting from the environment; importing this file starts nothing.

Sections: 1 paths and keys · 2 apps · 3 middleware and templates · 4 database, cache, queue · 5 login · 6 mail ·
7 static and uploaded files · 8 language · 9 security · 10 papers.
"""

import secrets
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from chibo import embedded

# ── 1 Paths and keys ──────────────────────────────────────────────────────────────────────────────────────────
BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
VAR = Path(env("CHIBO_VAR", default=str(BASE_DIR / "var"))).resolve()


def stored_key(name):
    """The key from the environment, else the one in var/keys, made once (0600)."""
    if value := env(name, default=""):
        return value
    path = VAR / "keys" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(fresh)  # only one of two processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


SECRET_KEY = stored_key("SECRET_KEY")
TEXT_KEY = stored_key("TEXT_KEY")
TEXT_KEYS_OLD = env.list("TEXT_KEYS_OLD", default=[])
DIARY_KEY = stored_key("DIARY_KEY")
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
TESTING = "pytest" in sys.modules
BASE_URL = env("BASE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if (host := environ.urlparse(BASE_URL).hostname) and host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(host)

# ── 2 Apps ────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "rules",
    "core",
    "regulations",
    "members",
    "documents",
    "notices",
    "assignments",
    "meetings",
    "fees",
    "pledges",
    "reviews",
    "chibo",
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# ── 3 Middleware and templates ────────────────────────────────────────────────────────────────────────────────
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "core.middleware.BodyLimitMiddleware",
    "core.middleware.RefusedMiddleware",
]
ROOT_URLCONF = "chibo.urls"
WSGI_APPLICATION = "chibo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chibo.context.page",
            ],
        },
    }
]

# ── 4 Database, cache, queue ──────────────────────────────────────────────────────────────────────────────────
_database_url, _redis_url = embedded.addresses(VAR)
DATABASES = {"default": env.db_url("DATABASE_URL", default=_database_url)}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
REDIS_URL = env("REDIS_URL", default=_redis_url)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": embedded.cache_url(REDIS_URL),
        "KEY_PREFIX": "chibo",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CELERY_BROKER_URL = embedded.celery_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away, the workers wait for it
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"

# ── 5 Login ───────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.backends.MemberBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
# A hall of 200 behind one address must get in; a guesser of one name must not.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Chi bộ"
MFA_ADAPTER = "members.adapter.MFAAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
SLIP_DAYS = env.int("SLIP_DAYS", default=14)

# ── 6 Mail ────────────────────────────────────────────────────────────────────────────────────────────────────
EMAIL_URL = env("EMAIL_URL", default="smtp://127.0.0.1:8025")
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_USE_LOCALTIME = True
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Chi bộ <chibo@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DIR = VAR / "mail"
NOTICE_LEASE_SECONDS = env.int("NOTICE_LEASE_SECONDS", default=900)
NOTICE_GATHER_MINUTES = env.int("NOTICE_GATHER_MINUTES", default=10)
NOTICE_LINES = env.int("NOTICE_LINES", default=4)
NOTICE_QUIET_HOURS = env("NOTICE_QUIET_HOURS", default="" if TESTING else "21:30-06:00")
# waits between attempts; after the last one the row is refused: eight attempts over about eight hours
NOTICE_RETRY_MINUTES = env.list("NOTICE_RETRY_MINUTES", cast=float, default=[1, 5, 15, 30, 60, 120, 240])
MAIL_LINK_DAYS = env.int("MAIL_LINK_DAYS", default=30)

# ── 7 Static and uploaded files ───────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR / "files")))
MEDIA_URL = "/khong-phuc-vu/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# fonts of the papers are read from disk, not sent to browsers: packing them would only slow the first start
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf", "map"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT = 20 * 1024 * 1024
BODY_LIMIT = 64 * 1024 * 1024  # of a whole request; between the two the form answers with its own sentence
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# ── 8 Language ────────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["chibo.formats"]

# ── 9 Security ────────────────────────────────────────────────────────────────────────────────────────────────
SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"one_time": {"()": "core.logs.HideOneTimeAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_time"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    # handlers of their own, error mails too, would show an address that is a secret: all lines go through the root's
    "loggers": {
        name: {"handlers": [], "propagate": True}
        for name in ("django", "django.server", "gunicorn.error", "gunicorn.access")
    },
}

# ── 10 Papers ─────────────────────────────────────────────────────────────────────────────────────────────────
DOCUMENT_MARGINS_MM = tuple(
    env.list("DOCUMENT_MARGINS_MM", cast=int, default=[20, 15, 20, 30])
)  # top right bottom left
SIGNING_ROOTS = [Path(path) for path in env.list("SIGNING_ROOTS", default=[])]
DEMO_PKI = VAR / "demo-pki"
if DEMO:
    SIGNING_ROOTS.append(DEMO_PKI / "root.pem")
