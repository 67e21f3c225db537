"""Every setting, read from the environment; safe by default and complete in one message."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.templatetags.static import static
from django.urls import reverse_lazy
from environs import Env, validate

from heart.maps.tiles import tile_address, tile_origin

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)
SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(min=32))
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
database = env.dj_db_url("DATABASE_URL")
REDIS_URL = env.str("REDIS_URL")
CONN_MAX_AGE = env.int("HEART_CONN_MAX_AGE", 600)
secure_cookies = env.bool("HEART_SECURE_COOKIES", True)
HEART_TIME_ZONE = env.str("HEART_TIME_ZONE", "America/New_York")
HEART_FOLLOWUP_HOURS = env.int("HEART_FOLLOWUP_HOURS", 48)
HEART_CELERY_SILENT_SECONDS = env.float("HEART_CELERY_SILENT_SECONDS", 20)
HEART_RADIO_FALLBACK = env.str("HEART_RADIO_FALLBACK", "")
HEART_DISPATCH_PHONE = env.str("HEART_DISPATCH_PHONE", "")
HEART_PUSH_PRIVATE_KEY = env.str(
    "HEART_PUSH_PRIVATE_KEY", "", validate=validate.Regexp("^(.{43})?$")
)
HEART_PUSH_CONTACT = env.str("HEART_PUSH_CONTACT", "mailto:dispatch@example.org")
HEART_PUSH_LOOPBACK = env.bool("HEART_PUSH_LOOPBACK", False)
HEART_EIDO_SCHEMA = env.str("HEART_EIDO_SCHEMA", "")
HEART_EIDO_REGISTRIES = env.str("HEART_EIDO_REGISTRIES", "")
HEART_PAGING_URL = env.str("HEART_PAGING_URL", "")
HEART_PAGING_SECRET = env.str("HEART_PAGING_SECRET", "")
HEART_ROUTING = env.str("HEART_ROUTING", "dispatch.travel.StraightLine")
HEART_ROUTING_URL = env.str("HEART_ROUTING_URL", "")
HEART_DETOUR_FACTOR = env.float("HEART_DETOUR_FACTOR", 1.3, validate=validate.Range(min=1))
HEART_SPEED_MPH = env.float("HEART_SPEED_MPH", 20, validate=validate.Range(min=1))
HEART_REST_MINUTES = env.float("HEART_REST_MINUTES", 10, validate=validate.Range(min=0))
HEART_TILES_URL = env.str("HEART_TILES_URL", "", validate=tile_address)
HEART_TILES_ATTRIBUTION = env.str("HEART_TILES_ATTRIBUTION", "")
HEART_PAPER_MINUTES = env.float("HEART_PAPER_MINUTES", 15)
HEART_PAPER_DIR = env.str("HEART_PAPER_DIR", "") or str(
    Path(env.str("HEART_VAR", "") or BASE_DIR / "var") / "paper"
)
env.seal()

# --- what the console is made of --------------------------------------------------------------
INSTALLED_APPS = [
    "heart.accounts",
    "heart.journal",
    "heart.clock",
    "heart.api",
    "intake",
    "triage",
    "dispatch",
    "followup",
    "heart.eido",
    "heart.history",
    "heart.replay",
    "heart.paper",
    "heart.push",
    "heart.maps",
    "heart.desks",
    "heart.presence",
    "heart.pages",
    "heart.live",
    "heart.demo",
    "heart",
    "unfold.apps.BasicAppConfig",
    "heart.apps.HeartAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "js_lib_leaflet",
    "channels",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_htmx",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "heart.middleware.DatabaseAway",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "heart.urls"
WSGI_APPLICATION = "heart.wsgi.application"
ASGI_APPLICATION = "heart.asgi.application"
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
            ],
            "builtins": ["heart.templatetags.heart", "heart.pages.templatetags.alerts"],
        },
    }
]

# --- the database is the only truth -------------------------------------------------------------
DATABASES = {
    "default": {
        **database,
        "CONN_MAX_AGE": CONN_MAX_AGE,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # A server that is away is noticed within seconds; a slow statement or an open transaction
            # cannot stop the screens. A server process that hangs without closing is not covered.
            "connect_timeout": 3,
            "keepalives_idle": 10,
            "tcp_user_timeout": 5000,
            "options": "-c lock_timeout=3000 -c statement_timeout=20000"
            " -c idle_in_transaction_session_timeout=15000",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Nothing a person needs may depend on Redis: sessions and limits live in the database or in memory.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # ways that the routing service has told, for a minute
    "travel": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "travel",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 14 * 60 * 60  # a long shift, then sign in again
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a whole centre sits behind one address
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# The front door names the one address it was called from, whatever a client writes into the header.
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
AXES_IPWARE_PROXY_COUNT = 0

# --- the web ----------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = secure_cookies
SECURE_SSL_REDIRECT = False  # the front door does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if secure_cookies else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if secure_cookies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *tile_origin(HEART_TILES_URL)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- language and time: UTC inside, the agency's zone on screens ------------------------------------
USE_I18N = True
LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = HEART_TIME_ZONE

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "heart.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["heart.api.permissions.NeedsPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["heart.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "heart.api.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "HEART console",
    "DESCRIPTION": "911 call intake, triage, clinicians, unarmed teams and 48-hour follow-up.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "Route": "triage.models.Route.choices",
        "CallStatus": "heart.pages.api_actions.shapes.CALL_STATUSES",
        "ConsultKind": "heart.pages.api_actions.shapes.CONSULT_KINDS",
        "ConsultStatus": "heart.pages.api_actions.shapes.CONSULT_STATUSES",
        "ConsultOutcome": "heart.pages.api_actions.shapes.CONSULT_OUTCOMES",
        "LoweringStatus": "heart.pages.api_actions.shapes.LOWERING_STATUSES",
        "UnitKind": "heart.pages.api_actions.shapes.UNIT_KINDS",
        "RunStatus": "heart.pages.api_actions.shapes.RUN_STATUSES",
        "RunOutcome": "heart.pages.api_actions.shapes.RUN_OUTCOMES",
        "CancellingReason": "heart.pages.api_actions.shapes.CANCELLING",
        "BackupAgency": "heart.pages.api_actions.shapes.BACKUP_AGENCIES",
        "BackupStatus": "heart.pages.api_actions.shapes.BACKUP_STATUSES",
        "PositionSource": "heart.pages.api_actions.recommending.ORIGINS",
        "HandoffAgency": "heart.pages.api_actions.shapes.HANDOFF_AGENCIES",
        "HandoffStatus": "heart.pages.api_actions.shapes.HANDOFF_STATUSES",
        "HandoffOutcome": "heart.pages.api_actions.shapes.LOOP_OUTCOMES",
        "FollowUpStatus": "heart.pages.api_actions.shapes.FOLLOWUP_STATUSES",
        "AttemptOutcome": "heart.pages.api_actions.shapes.ATTEMPT_OUTCOMES",
        "FollowUpCloseReason": "heart.pages.api_actions.shapes.FOLLOWUP_ENDS",
        "ReopeningReason": "heart.pages.api_actions.shapes.REOPENING",
    },
}

# --- Celery: wakes sweeps; nothing depends on its memory --------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "retry_policy": {"timeout": 2},
    "visibility_timeout": 120,
    "health_check_interval": 10,
}

# --- admin ------------------------------------------------------------------------------------------
PANEL: dict[str, list[tuple[str, ...]]] = {
    "Console": [
        ("Board", "call", "board"),
        ("Supervisor", "monitoring", "supervise"),
    ],
    "What decides": [
        ("Natures", "category", "admin:intake_nature_changelist"),
        ("Rules, questions, targets", "account_tree", "admin:triage_ruleset_changelist"),
        (
            "Replays and rules in use",
            "insights",
            "admin:replay_replay_changelist",
            "heart.replay.panel.may_replay",
        ),
        ("Reason codes", "help_center", "admin:triage_reasoncode_changelist"),
    ],
    "Who answers": [
        ("Units, crews, hours, areas", "groups", "admin:dispatch_unit_changelist"),
        ("Beats", "grid_on", "admin:intake_beat_changelist"),
        ("Map layers", "map", "admin:maps_layer_changelist"),
        ("Positions in the room", "desk", "admin:desks_position_changelist"),
        ("People", "badge", "admin:accounts_user_changelist"),
        ("Phone tree on paper", "contact_phone", "admin:paper_phonetreeline_changelist"),
    ],
    "What happened": [
        ("Decisions", "rule", "admin:triage_decision_changelist"),
        ("Journal", "history", "admin:journal_entry_changelist"),
    ],
}
UNFOLD = {
    "SITE_TITLE": "HEART console",
    "SITE_HEADER": "HEART console",
    "SITE_SUBHEADER": "Supervisor's panel",
    "SITE_URL": reverse_lazy("home"),
    "SITE_SYMBOL": "volunteer_activism",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("icon.svg")}
    ],
    "SHOW_HISTORY": False,
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254)",
            "100": "oklch(93% .032 255)",
            "200": "oklch(88% .059 254)",
            "300": "oklch(81% .105 252)",
            "400": "oklch(71% .143 255)",
            "500": "oklch(62% .188 260)",
            "600": "oklch(55% .215 263)",
            "700": "oklch(49% .217 264)",
            "800": "oklch(42% .181 266)",
            "900": "oklch(38% .138 266)",
            "950": "oklch(28% .087 268)",
        }
    },
    "SIDEBAR": {
        "navigation": [
            {
                "title": title,
                "separator": True,
                "items": [
                    {
                        "title": name,
                        "icon": icon,
                        "link": reverse_lazy(address),
                        "permission": guard[0] if guard else None,
                    }
                    for name, icon, address, *guard in links
                ],
            }
            for title, links in PANEL.items()
        ],
    },
}

# --- logs carry no personal text ----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        # a sweep every second or so, each worth two lines
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
