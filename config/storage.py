"""How static files are served: named by their content, compressed, our modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Our scripts, which import each other, find each other under their hashed names, too.

    Django would rewrite the imports of all scripts or of none, and those of others import things
    that only their own builds know.
    """

    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("rater/*.js", _imports))
