"""How static files are served: named by their content, compressed, modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Scripts that import each other find each other under the hashed names, too."""

    support_js_module_import_aggregation = True
