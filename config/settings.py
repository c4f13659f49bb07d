"""Everything comes from the environment; `.env.example` and the README list each name."""

from pathlib import Path

from celery.schedules import crontab

from config import embedded
from config.env import (
    database_from_url,
    email_from_url,
    env_bool,
    env_int,
    env_list,
    env_secret,
    env_str,
)

BASE_DIR = Path(__file__).resolve().parent.parent
PATHOS_HOME = Path(env_str("PATHOS_HOME", "var", help="holds all state of the embedded mode"))
PATHOS_HOME = (BASE_DIR / PATHOS_HOME).resolve()

DATABASE_URL = env_str("DATABASE_URL", "", help="postgres://… of a server; unset: embedded")
REDIS_URL = env_str("REDIS_URL", "", help="redis://… of a server; unset: embedded")
EMBEDDED_POSTGRES = not DATABASE_URL
EMBEDDED_REDIS = not REDIS_URL
#: The servers that this machine must run for us.
EMBEDDED = [
    *(["postgres"] if EMBEDDED_POSTGRES else []),
    *(["redis"] if EMBEDDED_REDIS else []),
]

DEBUG = env_bool("PATHOS_DEBUG", False, help="show tracebacks in the browser; never in public")
SECRET_KEY = env_secret(
    "PATHOS_SECRET_KEY",
    kept_in=PATHOS_HOME / "secret.key" if EMBEDDED_POSTGRES else None,
    help="signs sessions; unset in the embedded mode: made once and kept in PATHOS_HOME",
)
ALLOWED_HOSTS = env_list(
    "PATHOS_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", help="host names the web server answers to"
)
CSRF_TRUSTED_ORIGINS = env_list(
    "PATHOS_TRUSTED_ORIGINS", "", help="https://… origins when a proxy ends TLS"
)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "taxonomy",
    "annotation",
    "qualification",
    "joining",
    "work",
    "signals",
    "agreement",
    "analysis",
    "quality",
    "routing",
    "snapshots",
    "modelling",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.readers_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.security_policy",
    "config.middleware.ErrorPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        },
    }
]
if not DEBUG:
    TEMPLATES[0]["OPTIONS"]["loaders"] = [
        ("django.template.loaders.cached.Loader", TEMPLATES[0]["OPTIONS"]["loaders"])
    ]

DATABASE = (
    embedded.addresses(PATHOS_HOME).database
    if EMBEDDED_POSTGRES
    else database_from_url(DATABASE_URL)
)
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "config.postgres",
        "OPTIONS": {
            # Statements of lib.prepared keep their plans; those of the ORM are never prepared.
            "prepare_threshold": 5,
            **DATABASE.get("OPTIONS", {}),
            "pool": {
                "min_size": 0,
                "max_size": env_int("PATHOS_DB_POOL", 16, help="connections a process may open"),
                "timeout": 10,
            },
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if EMBEDDED_REDIS:
    REDIS_URL = embedded.addresses(PATHOS_HOME).redis_url

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "pathos",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# Who knows what a judged post stands for: campaign -> {campaign post id: weight}. Agreement shows
# figures corrected by it; the room that draws posts is above, so agreement can't import it.
POST_WEIGHTS = "routing.queries.weights"
# Who knows whether any post of a campaign was drawn at all.
POSTS_WERE_DRAWN = "routing.queries.has_drawn"
# Who knows by which share a round chose each post: campaign -> {campaign post id: the even part}.
POST_EVEN_PARTS = "routing.told.even_parts"
# Who knows what happened in a campaign that raters may have noticed: campaign -> [(when, what)].
CAMPAIGN_MARKS = ["agreement.marks.of_campaign", "routing.told.marks"]
# Who turns posts into the numbers of a campaign's champion. Routing compares heads on them with heads
# on words; the room that keeps models is above it.
ROUTING_EMBEDDER = "modelling.champion.embedder"

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "modelling.tasks.*": {"queue": "training"},
    "routing.tasks.*": {"queue": "routing"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = env_int(
    "PATHOS_TASK_TIME_LIMIT", 6 * 3600, help="seconds after which a background task is stopped"
)
# A long training run must not be handed out again while it is still running.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_TASK_TIME_LIMIT + 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
ROUTING_EVERY_SECONDS = env_int(
    "PATHOS_ROUTING_EVERY", 300, help="seconds between two looks for campaigns due for a round"
)
CELERY_BEAT_SCHEDULE = {
    "routing-rounds": {"task": "routing.tasks.start_due_rounds", "schedule": ROUTING_EVERY_SECONDS},
    "cover-reported": {"task": "signals.tasks.cover_reported", "schedule": 300},
    "fold-counts": {"task": "annotation.tasks.fold_counts", "schedule": 300},
    "check-counts": {
        "task": "annotation.tasks.check_counts",
        "schedule": crontab(hour=3, minute=7),
    },
    "fold-journals": {"task": "agreement.tasks.fold_journals", "schedule": 300},
    "keep-figures": {
        "task": "agreement.tasks.keep_figures",
        "schedule": crontab(hour=3, minute=37),
    },
    "read-files": {"task": "analysis.tasks.ring_again", "schedule": 300},
    "check-sums": {"task": "agreement.tasks.check_sums", "schedule": crontab(hour=3, minute=17)},
}

MLFLOW_TRACKING_URI = env_str(
    "MLFLOW_TRACKING_URI", f"sqlite:///{PATHOS_HOME / 'mlflow' / 'mlflow.db'}", help="the registry"
)
MLFLOW_MODEL_PREFIX = env_str(
    "PATHOS_MODEL_PREFIX", "pathos", help="begins a model's name in the registry: pathos-CAMPAIGN"
)

EMAIL_URL = env_str(
    "PATHOS_EMAIL_URL", "", help="smtp://… that sends invitations; unset: none is sent"
)
globals().update(email_from_url(EMAIL_URL))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str(
    "PATHOS_EMAIL_FROM", "Pathos <pathos@localhost>", help="whom invitations come from"
)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Raters' pages are there in each of these; locale/ holds the catalogues, taxonomy/data/wordings the
# affects. Another language is another line here, a catalogue, and a wording.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "German")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env_str("PATHOS_TIME_ZONE", "UTC", help="times on pages are shown in this zone")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = PATHOS_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = PATHOS_HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.StaticFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MANIFEST_STRICT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
SNAPSHOTS_DIR = PATHOS_HOME / "snapshots"
ANALYSES_DIR = PATHOS_HOME / "analyses"
MODELS_DIR = PATHOS_HOME / "models"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lib.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "lib.pages.ByIdPagination",
    "EXCEPTION_HANDLER": "lib.problems.problem_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pathos",
    "DESCRIPTION": "Collect, understand and use affective response labels.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Several models have a "state"; each gets a name that tells which.
    "ENUM_NAME_OVERRIDES": {
        "CampaignState": "annotation.models.Campaign.State",
        "CampaignPostState": "annotation.models.CampaignPost.State",
        "RunState": "routing.models.Round.State",
        "KeptState": "agreement.kept.Kept.State",
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = env_bool(
    "PATHOS_HTTPS", False, help="served over https: cookies are marked secure"
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
if SECURE_COOKIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}},
}
