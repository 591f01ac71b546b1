"""Django's settings: one readable file, everything from the environment checked at the start.

PORT                       where `make run` serves (default 8000, or the next free one)
DATABASE_URL               any PostgreSQL 15 or newer instead of the one `make run` starts itself
DUGNAD_PERSONS             how many synthetic persons `make run` makes the first time (default 20000)
DUGNAD_FOLKEREGISTERET_URL the population register's address instead of its simulator
DUGNAD_SKATTEGRUNNLAGET_URL  the same for the tax basis
DUGNAD_BARNEHAGEREGISTERET_URL  the same for the kindergarten register
DUGNAD_KONTAKTREGISTERET_URL  the same for the contact register
DUGNAD_DATABASE_URL        how this process connects (web as dugnad_web, worker as dugnad_worker); set by `dugnad run`
DUGNAD_HOME                folder for what the project makes for itself (default: .dugnad in the project)
DUGNAD_SECRET_KEY          signs cookies; made once into DUGNAD_HOME/secret when not given
DUGNAD_ORIGIN              the public address, such as https://dugnad.example (default: http://127.0.0.1:PORT)
DUGNAD_LIMIT_FACTOR        multiplies the limits on logins and forms per minute (default 1; load tests set it high)
DUGNAD_TRUSTED_PROXIES     networks of proxies whose X-Forwarded-For and -Proto are believed, such as 10.0.0.0/8 (default: none)
DUGNAD_SMTP                host:port of the mail server (default: the local catcher on 127.0.0.1:8025)
DUGNAD_NORWAY              the synthetic Norway that the simulated registers read (default: DUGNAD_HOME/norway.sqlite)
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from dugnad.config.embedded.places import socket_folder
from dugnad.config.embedded.secret import secret_key

PROJECT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("DUGNAD_HOME", PROJECT / ".dugnad"))
ORIGIN = os.environ.get("DUGNAD_ORIGIN", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
OTHER_ORIGINS = [ORIGIN.replace("127.0.0.1", "localhost")] if "127.0.0.1" in ORIGIN else []
NORWAY = Path(os.environ.get("DUGNAD_NORWAY", HOME / "norway.sqlite"))
SMTP_HOST, _, _smtp_port = os.environ.get("DUGNAD_SMTP", "127.0.0.1:8025").partition(":")
SMTP_PORT = int(_smtp_port or 25)

SECRET_KEY = os.environ.get("DUGNAD_SECRET_KEY") or secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", ORIGIN.partition("://")[2].partition(":")[0], "testserver"]
SECURE = ORIGIN.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "dugnad.tenancy",
    "dugnad.audit",
    "dugnad.events",
    "dugnad.jobs",
    "dugnad.identity",
    "dugnad.access",
    "dugnad.catalogue",
    "dugnad.facts",
    "dugnad.applications",
    "dugnad.decisions",
    "dugnad.dispatch",
    "dugnad.cases",
    "dugnad.config.apps.HouseConfig",
]


def _database(url: str) -> dict[str, object]:
    """Django's dictionary for a libpq address; sockets and options included."""
    parts = conninfo_to_dict(url)
    options = {
        key: value
        for key, value in parts.items()
        if key not in {"dbname", "user", "password", "host", "port"}
    }
    return {
        "ENGINE": "dugnad.shared.postgres",
        "NAME": parts.get("dbname", "dugnad"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        # One connection for each thread, kept; looked at before each request, without a round trip.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            # Statements are prepared on the server: half the database's CPU, since policies are planned once.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "application_name": os.environ.get("DUGNAD_PROCESS", "dugnad"),
        },
        "TEST": {"MIGRATE": True},
    }


DATABASES = {
    "default": _database(
        os.environ.get("DUGNAD_DATABASE_URL", f"host={socket_folder(HOME)} dbname=dugnad user=dugnad_web")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOT_URLCONF = "dugnad.config.urls"
WSGI_APPLICATION = "dugnad.config.wsgi.application"
MIDDLEWARE = [
    "dugnad.pages.proxies.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dugnad.design.headers.SecurityHeadersMiddleware",
    "dugnad.design.languages.LanguageMiddleware",
    "dugnad.pages.trouble.TroubleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dugnad.pages.sessions.SessionMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PROJECT / "src/dugnad/design/templates", PROJECT / "src/dugnad/pages"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "dugnad.design.environment.environment",
            "bytecode_cache": HOME / "templates",
            "context_processors": ["dugnad.design.frame.frame_context"],
        },
    }
]

USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_CODE = "nb"
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [PROJECT / "src/dugnad/design/static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 31_536_000  # every address of a static file carries the hash of its content
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/"
WHITENOISE_ALLOW_ALL_ORIGINS = False

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "dugnad.pages.trouble.forged_form"
CSRF_TRUSTED_ORIGINS = [ORIGIN, *OTHER_ORIGINS]
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
DUGNAD_FORM_TARGETS = [ORIGIN, *OTHER_ORIGINS]  # where forms may lead: logout from either of our names
SECURE_REFERRER_POLICY = "same-origin"

# An upload is refused before it is read whole: 10 MB a file (said beside the field), a little more for the form.
ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024


def _networks(listed: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of a list with commas."""
    names = [name.strip() for name in listed.split(",") if name.strip()]
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"DUGNAD_TRUSTED_PROXIES: {error}. Write networks such as 10.0.0.0/8, with commas between."
        ) from None


TRUSTED_PROXIES = _networks(os.environ.get("DUGNAD_TRUSTED_PROXIES", ""))
LIMIT_FACTOR = float(os.environ.get("DUGNAD_LIMIT_FACTOR", "1"))

EMAIL_HOST = SMTP_HOST
EMAIL_PORT = SMTP_PORT
DEFAULT_FROM_EMAIL = "ikke-svar@dugnad.example"
EMAIL_TIMEOUT = 5

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Django would log the text of an exception, which may hold what somebody wrote; dugnad.trouble logs kind and place.
    "loggers": {"django.request": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
