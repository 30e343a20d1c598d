"""All settings, in one typed place. The environment decides; what it does not say has a safe default.

Two profiles: *embedded* (nothing set: PostgreSQL from its wheel, everything under DIJKWACHT_HOME) and *server*
(`DATABASE_URL` set). docs/reference/settings.md explains each variable; a house test keeps the two equal.
"""

import os
import shlex
from pathlib import Path
from typing import Any, Final, Literal

from dijkwacht.kernel import npm
from dijkwacht.platform import logs, network
from dijkwacht.platform.accounts import oidc, saml
from dijkwacht.platform.crypto import secrets
from dijkwacht.platform.database import urls


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable: 1, true, yes and on are yes."""
    return env(name, str(default)).lower() in {"1", "true", "yes", "on"}


PACKAGE: Final = Path(__file__).parent
HOME: Final = Path(env("DIJKWACHT_HOME", "var")).absolute()

# --- who we are -----------------------------------------------------------------------------------------------------
BASE_URL = env("DIJKWACHT_BASE_URL", "http://127.0.0.1:8000")
CENTRE_NAME = env("DIJKWACHT_CENTRE_NAME", "Dijkwacht")
SECURITY_CONTACT = env("DIJKWACHT_SECURITY_CONTACT", "security@dijkwacht.example")
CENTRE_COUNTRY = env("DIJKWACHT_CENTRE_COUNTRY", "NL")
DUTY_MAIL = [*filter(None, env("DIJKWACHT_DUTY_MAIL").split(","))]  # the last resort: told of incident reports
DUTY_STEP_MINUTES = int(env("DIJKWACHT_DUTY_STEP_MINUTES", "15"))  # nobody took it: then the next is called
OFFICE_HOURS = env("DIJKWACHT_OFFICE_HOURS", "08:30-17:30")  # of working days; empty: somebody is on duty at all times
PDF_SEAL = env("DIJKWACHT_PDF_SEAL")  # a PKCS#12 file; empty: a certificate that we make for ourselves
PDF_SEAL_PASSPHRASE = env("DIJKWACHT_PDF_SEAL_PASSPHRASE")
DUTY_PHONE = env("DIJKWACHT_DUTY_PHONE")  # shown where one reports
REPORTS_MAIL = env("DIJKWACHT_REPORTS_MAIL")  # where the file of the offline form may be mailed to
DEMO = flag("DIJKWACHT_DEMO", default=(HOME / "demo").exists())  # `dijkwacht up` leaves this mark
DEBUG = False
ALLOWED_HOSTS = [*env("DIJKWACHT_HOSTS", "127.0.0.1,localhost,[::1]").split(",")]
SECRET_KEY = secrets.text(HOME, "django-secret-key")
KEY_COMMAND = shlex.split(env("DIJKWACHT_KEY_COMMAND"))  # a keeper of keys; empty: field keys stand in plain files

# --- database: the web and worker connect as a role that cannot bypass row-level security -----------------------------
DATABASES: dict[str, Any] = {"default": urls.django_database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # platform.tenancy opens the transaction together with the row-level scope

INSTALLED_APPS = [
    "dijkwacht.platform.accounts",  # before allauth: its templates stand in for theirs
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of passkeys
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *saml.apps(os.environ),
    "procrastinate.contrib.django",
    "dijkwacht.platform.audit",
    "dijkwacht.platform.outbox",
    "dijkwacht.rooms.assessment",
    "dijkwacht.rooms.registry",
    "dijkwacht.rooms.proof",
    "dijkwacht.rooms.linkage",
    "dijkwacht.rooms.notification",
    "dijkwacht.rooms.enrolment",
    "dijkwacht.rooms.services",
    "dijkwacht.rooms.home",
    "dijkwacht.rooms.reporting",
    "dijkwacht.rooms.phishing",
    "dijkwacht.rooms.advisories",
    "dijkwacht.rooms.knowledge",
    "dijkwacht.api",
    "dijkwacht.portal",
]
# A pasted list of 100,000 assets is a few megabytes; files do not count here, each door bounds its own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024  # bytes
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dijkwacht.portal.crowd.CrowdMiddleware",  # before the transaction: who is sent away costs no connection
    "dijkwacht.api.middleware.ApiMiddleware",
    "dijkwacht.rooms.knowledge.public.CookielessMiddleware",  # before all that reads a cookie
    "dijkwacht.platform.tenancy.TransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dijkwacht.platform.accounts.middleware.SessionClockMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dijkwacht.platform.tenancy.ScopeMiddleware",
    "dijkwacht.portal.language.OwnLanguageMiddleware",
    "dijkwacht.portal.errors.RefusalMiddleware",
    "dijkwacht.platform.accounts.middleware.SecondFactorMiddleware",
]
CSRF_FAILURE_VIEW = "dijkwacht.portal.errors.csrf_failure"
ROOT_URLCONF = "dijkwacht.portal.urls"
WSGI_APPLICATION = "dijkwacht.portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dijkwacht.portal.context.shell",
            ],
        },
    },
]

# --- languages --------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "portal" / "locale", PACKAGE / "platform" / "accounts" / "allauth_nl"]
FORMAT_MODULE_PATH = ["dijkwacht.portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# --- accounts ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
DORMANT_AFTER_DAYS = int(env("DIJKWACHT_DORMANT_AFTER_DAYS", "365"))  # without sign-in: the holder is asked
DORMANT_CLOSE_DAYS = int(env("DIJKWACHT_DORMANT_CLOSE_DAYS", "28"))  # without answer: then the account is closed
ACCOUNT_ADAPTER = "dijkwacht.platform.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # allauth reads here what sign-in asks
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever invites vouches for the address; nobody can change it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_ADAPTER = "dijkwacht.platform.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = CENTRE_NAME
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "dijkwacht.platform.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = oidc.providers(os.environ) | saml.providers(os.environ)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may post to ourselves only, and not be redirected to the provider

# --- how many requests a web process takes in: more are told to come back, reports last of all ---
WEB_AT_ONCE = int(env("DIJKWACHT_WEB_AT_ONCE", "6"))
WEB_WAITING = int(env("DIJKWACHT_WEB_WAITING", "16"))

# --- pages and files --------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "portal" / "static", *urls.existing(HOME / "assets")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # accounts.middleware ends a session earlier when it is left alone
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
BEHIND_PROXY = flag("DIJKWACHT_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- jobs -------------------------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# --- an installation's own policies and texts; they win over ours ---
POLICY_FOLDER = next(iter(urls.existing(HOME / "overlay" / "policies")), None)
APPLICABILITY_FOLDER = next(iter(urls.existing(HOME / "overlay" / "applicability")), None)
COURSES_FOLDER = HOME / "overlay" / "courses"
ESCALATE_AFTER_HOURS = float(env("DIJKWACHT_ESCALATE_AFTER_HOURS", "4"))  # then a critical finding is called about
BUSINESS_REGISTER = env("DIJKWACHT_BUSINESS_REGISTER")  # a snapshot, .csv or .json; empty: there is none
WATCHED_FOLDER = Path(env("DIJKWACHT_WATCHED_FOLDER", str(HOME / "inbox")))  # files put here are handed in

# --- proof of control: what we look up of strangers' names, and how long things last ---
PROOF_RESOLVER = env("DIJKWACHT_PROOF_RESOLVER")  # 192.0.2.53 or 192.0.2.53#5353, with commas; empty: the machine's own
OWN_NETWORKS = network.networks(env("DIJKWACHT_OWN_NETWORKS"))  # public space of the centre that no look may reach
PROOF_DAYS = int(env("DIJKWACHT_PROOF_DAYS", "30"))  # to show a proof after it was asked for
PROOF_RECHECK_DAYS = int(env("DIJKWACHT_PROOF_RECHECK_DAYS", "30"))  # between two looks at a proof
PROOF_SNAPSHOT_DAYS = int(env("DIJKWACHT_PROOF_SNAPSHOT_DAYS", "90"))  # a superseded registry file stays on disk
PROOF_GRACE_DAYS = int(env("DIJKWACHT_PROOF_GRACE_DAYS", "14"))  # between the warning and the end of a proof

# --- pages that suspicious links lead to; the rest of what bounds a look is read where there is no Django ---
PAGES_RAW_DAYS = int(env("DIJKWACHT_PAGES_RAW_DAYS", "7"))  # that the bytes of a page are kept, sealed; 0: not at all
PAGES_RDAP = env("DIJKWACHT_PAGES_RDAP")  # IANA's table of registries' servers: a file or a URL; empty: none is asked
PAGES_RDAP_PER_MINUTE = int(env("DIJKWACHT_PAGES_RDAP_PER_MINUTE", "10"))  # questions to one server, at most

# --- the phishing list: how long an entry lasts, who serves it, where warned people come ---
LIST_LEASE_HOURS = float(env("DIJKWACHT_LIST_LEASE_HOURS", "6"))  # then an entry that nobody renewed goes
LIST_HOT_HOURS = float(env("DIJKWACHT_LIST_HOT_HOURS", "24"))  # in the small zone of what is new
LIST_ZONE = env("DIJKWACHT_LIST_ZONE", "rpz.dijkwacht.example").strip(".").lower()
CANARY_DOMAIN = env("DIJKWACHT_CANARY_DOMAIN").strip(".").lower()  # below it a name is listed each day; empty: none
ZONES_HOST = env("DIJKWACHT_ZONES_HOST", "127.0.0.1")
ZONES_PORT = int(env("DIJKWACHT_ZONES_PORT", "0"))  # of the DNS primary; 0: `up` starts none
WARNING_HOST = env("DIJKWACHT_WARNING_HOST", "127.0.0.1")
WARNING_PORT = int(env("DIJKWACHT_WARNING_PORT", "0"))  # of the warning page; 0: `up` starts none
WARNING_ADDRESSES = [*filter(None, env("DIJKWACHT_WARNING_ADDRESSES", "127.0.0.1,::1").split(","))]  # as resolvers say

# --- knowledge: who is told that a measure is due for another look, where its text names no person ---
KNOWLEDGE_MAIL = env("DIJKWACHT_KNOWLEDGE_MAIL")  # empty: nobody is mailed; the list in the portal shows what is due

# --- the shield ---
PHISHING_BLOCKS_PER_HOUR = int(env("DIJKWACHT_PHISHING_BLOCKS_PER_HOUR", "100"))  # warnings without a person, at most

# --- advisories: their numbers, and who and where we are as a CSAF trusted provider ---
ADVISORY_PREFIX = env("DIJKWACHT_ADVISORY_PREFIX", "DW")  # of an advisory's number, such as DW-2026-0001
CSAF_URL = env("DIJKWACHT_CSAF_URL", f"{BASE_URL}/.well-known/csaf").rstrip("/")
CSAF_NAMESPACE = env("DIJKWACHT_CSAF_NAMESPACE", BASE_URL)  # says who published, for ever: choose once
CSAF_AUTHORITY = env("DIJKWACHT_CSAF_AUTHORITY")  # in words: for whom and by which law the centre publishes
CSAF_LANGUAGE: Literal["nl", "en"] = (
    "nl" if env("DIJKWACHT_CSAF_LANGUAGE", "en") == "nl" else "en"
)  # of the documents' own texts
NODE_MODULES = npm.packages()  # DIJKWACHT_NODE_MODULES: the second validator of CSAF
# --- advisories: which sources are asked, how a judgement is shown, when two people judge ---
ADVISORY_SOURCES = [*filter(None, env("DIJKWACHT_ADVISORY_SOURCES").split(","))]  # slugs; empty: none is asked
ADVISORY_IMAP = env("DIJKWACHT_ADVISORY_IMAP")  # imaps://user:password@host:993/INBOX ; empty: no mailbox is read
ADVISORY_MAIL_DAYS = int(env("DIJKWACHT_ADVISORY_MAIL_DAYS", "365"))  # then the words of a source's mail are erased
ASSESSMENT_SHOWN = "label" if env("DIJKWACHT_ASSESSMENT_SHOWN") == "label" else "matrix"  # to the public
ASSESSMENT_LABELS = {  # public names: nl/en of urgent, then of normal
    label: dict(zip(("nl", "en"), names.split("/", 1) * 2, strict=False))
    for label, names in zip(
        ("urgent", "normal"), env("DIJKWACHT_ASSESSMENT_LABELS", "Spoed/Urgent,Normaal/Normal").split(","), strict=True
    )
}
_FOUR_EYES: Final[dict[str, Literal["high-high", "urgent", "always"]]] = {"urgent": "urgent", "always": "always"}
ASSESSMENT_FOUR_EYES = _FOUR_EYES.get(env("DIJKWACHT_ASSESSMENT_FOUR_EYES", "high-high"), "high-high")

# --- mail -------------------------------------------------------------------------------------------------------------
SMTP_URL = env("DIJKWACHT_SMTP_URL")  # smtp://user:password@host:587 ; empty: the built-in demo mailbox
MAILBOX_PORT = int(env("DIJKWACHT_MAILBOX_PORT", "8025"))  # where the demo mailbox listens, on loopback
MAIL_FROM = env("DIJKWACHT_MAIL_FROM", "notices@dijkwacht.example")
BOUNCE_ADDRESS = env("DIJKWACHT_BOUNCE_ADDRESS", "bounces@" + MAIL_FROM.rpartition("@")[2])
RELAY_LOG = env("DIJKWACHT_RELAY_LOG")  # postfix:/var/log/mail.log ; empty: the demo mailbox's own, else none
HAND_OVER_SECONDS = float(env("DIJKWACHT_HAND_OVER_SECONDS", "60"))  # longest hand-over of one message
DOUBT_GRACE_SECONDS = float(env("DIJKWACHT_DOUBT_GRACE_SECONDS", "900"))  # then a doubt nobody can resolve is resent
DKIM_SELECTOR = env("DIJKWACHT_DKIM_SELECTOR")  # empty: mails are not DKIM signed by us
DKIM_DOMAIN = env("DIJKWACHT_DKIM_DOMAIN", MAIL_FROM.rpartition("@")[2])
WEBHOOK_ALLOW = [*filter(None, env("DIJKWACHT_WEBHOOK_ALLOW").split(","))]  # host:port pairs that need not be public
SMS_URL = env("DIJKWACHT_SMS_URL")  # the gateway that sends a text; empty: none is sent, and that is said
SMS_TOKEN = env("DIJKWACHT_SMS_TOKEN")
SMS_FROM = env("DIJKWACHT_SMS_FROM", CENTRE_NAME)
# --- phishing: the address that people forward suspicious mails to, and the doors where they come in ---
PHISHING_ADDRESSES = frozenset(
    one.strip().lower()
    for one in env("DIJKWACHT_PHISHING_ADDRESSES", "suspicious@" + MAIL_FROM.rpartition("@")[2]).split(",")
    if one.strip()
)
PHISHING_HOST = env("DIJKWACHT_PHISHING_HOST", "127.0.0.1")  # where mails come in over SMTP
PHISHING_PORT = int(env("DIJKWACHT_PHISHING_PORT", "8026"))
PHISHING_LMTP_PORT = int(env("DIJKWACHT_PHISHING_LMTP_PORT", "0"))  # on loopback, for a mail server here; 0: none
PHISHING_TLS = env("DIJKWACHT_PHISHING_TLS")  # certificate.pem:key.pem ; empty: no STARTTLS
PHISHING_TRUSTED = network.networks(env("DIJKWACHT_PHISHING_TRUSTED", "127.0.0.0/8,::1/128"))  # no bounds for these
PHISHING_AUTHSERV = env("DIJKWACHT_PHISHING_AUTHSERV")  # name of our mail server in Authentication-Results (RFC 8601)
PHISHING_IMAP = env("DIJKWACHT_PHISHING_IMAP")  # imaps://user:password@host:993/INBOX ; empty: no mailbox is read
PHISHING_VAULT_DAYS = int(env("DIJKWACHT_PHISHING_VAULT_DAYS", "14"))  # raw mails, sealed
EMAIL_BACKEND = "dijkwacht.platform.outbox.django_mail.Backend"
DEFAULT_FROM_EMAIL = MAIL_FROM

logs.configure(env("DIJKWACHT_LOG_FORMAT", "text"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"refused": {"()": "dijkwacht.portal.logs.Refused"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["refused"]}},
    "root": {"handlers": ["stderr"], "level": env("DIJKWACHT_LOG_LEVEL", "WARNING")},
}
