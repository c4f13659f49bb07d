"""Pictures of posts: checked, then kept under the hash of their bytes."""

import os
import warnings
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

from lib.fields import BadField

#: Pillow's name of each format that browsers show, and the ending it is kept under.
FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
MAX_IMAGE_BYTES = 20 * 1024 * 1024
#: More would fill the memory of whoever opens it: a small file can unpack to gigabytes.
MAX_PIXELS = 50_000_000


def take(name: str, folder: Path | None) -> str:
    """Keeps the picture `name` of the import's folder; returns its path below MEDIA_ROOT.

    The bytes stay what they are, so the same picture is kept once. Raises BadField for one that is
    missing, broken, too large, or not beside the import.
    """
    if folder is None:
        raise BadField("image", "can only come with a file beside it: use manage.py import_posts")
    content = _read(_beside(name, folder))
    kept = path_for(content, _format_of(content))
    _keep(content, Path(settings.MEDIA_ROOT) / kept)
    return kept


def path_for(content: bytes, ending: str) -> str:
    digest = sha256(content).hexdigest()
    return f"images/{digest[:2]}/{digest}.{ending}"


def _beside(name: str, folder: Path) -> Path:
    """Follows links before it looks, so that none leads out of the folder."""
    try:
        path, root = (folder / name).resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError):
        raise BadField("image", f"is no file name: {name[:100]!r}") from None
    if not path.is_relative_to(root):
        raise BadField("image", f"must be a file beside the import, not {name[:100]!r}")
    return path


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_IMAGE_BYTES:
            raise BadField("image", f"{path.name} has {size:,} bytes; {MAX_IMAGE_BYTES:,} are kept")
        return path.read_bytes()
    except OSError as error:
        raise BadField("image", f"{path.name} can't be read: {error.strerror}") from None


def _format_of(content: bytes) -> str:
    """The ending for the picture's format, once all of its first frame could be unpacked."""
    try:
        with _opened(content) as image:
            _check_pixels(*image.size)
            image.load()
            return FORMATS[image.format]
    except BadField:
        raise
    except Image.DecompressionBombError:
        raise BadField("image", f"has too many pixels; {MAX_PIXELS:,} may be unpacked") from None
    except Exception as error:  # Pillow's readers raise all sorts of things on broken files
        raise BadField("image", f"is broken or no PNG, JPEG, GIF or WebP: {error}") from None


def _opened(content: bytes) -> Image.Image:
    """Reads the header only. Pillow's warning of many pixels is our error, so it may be silent."""
    with warnings.catch_warnings(action="ignore"):
        return Image.open(BytesIO(content), formats=[*FORMATS])


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise BadField("image", f"has {width} x {height} pixels; {MAX_PIXELS:,} may be unpacked")


def _keep(content: bytes, path: Path) -> None:
    """Appears whole or not at all, even when two imports bring the same picture at once."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
