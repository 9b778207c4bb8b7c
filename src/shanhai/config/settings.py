"""One settings file; what differs between installations comes from the environment.

SHANHAI_DATA_DIR    the data folder
DATABASE_URL        postgresql://… instead of SQLite in the data folder
SHANHAI_HOSTS       host names served, separated by commas
SHANHAI_HTTPS       1 behind TLS: secure cookies, HSTS
SHANHAI_DEBUG       1 for Django's debug pages and the style guide
SHANHAI_METRICS_TOKEN  who brings it may read /metrics from elsewhere
SHANHAI_STATIC      manifest: hashed file names, collected by `shanhai serve`
SHANHAI_FRAME_HOSTS origins that may embed pages (WeCom, 浙政钉), separated by commas
MAP_APPROVAL_NO     审图号 printed under every map; maps are hidden in public without it
"""

import os
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from shanhai.config import database, log
from shanhai.config.folder import default_data_dir, secret_key


def _list(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _flag(name: str) -> bool:
    return os.environ.get(name, "") in {"1", "true", "yes"}


PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = default_data_dir()
DEBUG = _flag("SHANHAI_DEBUG")
HTTPS = _flag("SHANHAI_HTTPS")
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = _list("SHANHAI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

DOMAIN_APPS = sorted(
    f"shanhai.domains.{path.parent.name}" for path in (PACKAGE / "domains").glob("*/apps.py")
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "shanhai.config.apps.Cotton",
    "shanhai.config.apps.Partials",
    *(["django_linear_migrations"] if find_spec("django_linear_migrations") else []),
    *DOMAIN_APPS,
    "shanhai.web",
    "shanhai.config",
]
MIDDLEWARE = [
    "shanhai.config.metrics.counted",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shanhai.web.middleware.request_log",
    "shanhai.api.endpoints.Problems",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shanhai.web.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shanhai.config.access.Access",
    "shanhai.web.middleware.SignInUnlessPublic",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shanhai.web.actor.actor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shanhai.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "shanhai.config.urls"
WSGI_APPLICATION = "shanhai.config.wsgi.application"

# Partials outside, the cache inside it, then cotton: both packages would otherwise rewrite this.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "shanhai.web.templatetags.shell",
                "shanhai.web.templatetags.words",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "shanhai.web.context.shell",
            ],
        },
        "DIRS": [PACKAGE / "web/templates"],
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

_URL = os.environ.get("DATABASE_URL")
DATABASES = {
    "default": database.from_url(_URL) if _URL else database.sqlite(DATA_DIR / "shanhai.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/workbench"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "shanhai.config.adapter.InvitedOnly"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}  # axes locks the account, and says so on a page
MFA_ADAPTER = "shanhai.config.adapter.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "山海 Shanhai"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # a browser allows it on localhost alone
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "shanhai.config.adapter.user_name"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_HASHED = os.environ.get("SHANHAI_STATIC") == "manifest"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC if _HASHED else _PLAIN},
}
WHITENOISE_USE_FINDERS = not _HASHED
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

SECURE_SSL_REDIRECT = False  # the proxy that ends TLS redirects
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "frame-ancestors": _list("SHANHAI_FRAME_HOSTS") or [NONE],
        "form-action": [SELF],
        "base-uri": [SELF],
    }
}
MAP_APPROVAL_NO = os.environ.get("MAP_APPROVAL_NO", "")
LOGGING = log.configure(os.environ.get("SHANHAI_LOG", "INFO"))
