"""Pictures beside an import: kept as they are, or a sentence that says what is wrong with them."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from annotation import images, posts
from annotation.models import Post
from lib.tables import Row

pytestmark = pytest.mark.django_db


def picture(format: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 50).save(out, format)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "import"
    folder.mkdir()
    return folder


@pytest.fixture
def import_image(campaign, folder):
    """Imports one post with this picture; returns the reason of its rejection, or None."""

    def run(name: str, images_from=folder) -> str | None:
        rejects = []
        rows = [Row(1, {"id": "a", "image": name})]
        posts.add(campaign=campaign, rows=rows, reject=rejects.append, images_from=images_from)
        assert all(reject.field == "image" for reject in rejects)
        return rejects[0].reason if rejects else None

    return run


@pytest.mark.parametrize(
    ("format", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_a_picture_is_kept_byte_for_byte(import_image, folder, settings, format, ending):
    content = picture(format)
    (folder / "a.bin").write_bytes(content)

    assert import_image("a.bin") is None

    digest = sha256(content).hexdigest()
    post = Post.objects.get()
    assert post.image == f"images/{digest[:2]}/{digest}.{ending}"
    assert (settings.MEDIA_ROOT / post.image).read_bytes() == content
    assert len(list(settings.MEDIA_ROOT.rglob("*.*"))) == 1


def test_the_same_picture_again_changes_nothing(import_image, folder):
    (folder / "a.png").write_bytes(picture())

    assert import_image("a.png") is None
    assert import_image("a.png") is None


def test_another_picture_under_the_same_name_is_another_content(campaign, import_image, folder):
    (folder / "a.png").write_bytes(picture())
    import_image("a.png")
    (folder / "a.png").write_bytes(picture())

    rejects = []
    rows = [Row(1, {"id": "a", "image": "a.png"})]
    posts.add(campaign=campaign, rows=rows, reject=rejects.append, images_from=folder)

    assert [(reject.field, reject.id) for reject in rejects] == [("id", "a")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture at all", "is broken or no PNG, JPEG, GIF or WebP"),
        (b"", "is broken or no PNG"),
        (picture("PNG", (64, 64))[:-200], "is broken"),
        (picture("JPEG", (64, 64))[:-200], "is broken"),
        (picture("BMP"), "is broken or no PNG, JPEG, GIF or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is broken or no PNG"),
    ],
    ids=["text", "empty", "cut PNG", "cut JPEG", "BMP", "SVG"],
)
def test_a_broken_picture_is_rejected_and_not_kept(import_image, folder, settings, content, reason):
    (folder / "a.png").write_bytes(content)

    assert reason in import_image("a.png")
    assert Post.objects.count() == 0
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.parametrize(
    ("side", "reason"),
    [
        (8_000, "has 8000 x 8000 pixels; 50,000,000 may be unpacked"),
        (10_000, "has 10000 x 10000 pixels"),  # here Pillow would warn
        (20_000, "has too many pixels"),  # here Pillow refuses to look at it
    ],
)
def test_a_small_file_that_unpacks_to_a_huge_picture_is_rejected(
    import_image, folder, recwarn, side, reason
):
    Image.new("1", (side, side)).save(folder / "a.png")

    assert reason in import_image("a.png")
    assert not recwarn.list


def test_a_huge_file_is_rejected_unread(import_image, folder, monkeypatch):
    monkeypatch.setattr(images, "MAX_IMAGE_BYTES", 10)
    (folder / "a.png").write_bytes(picture())

    assert "10 are kept" in import_image("a.png")


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/passwd", "link.png", "sub/../../secret.png"]
)
def test_a_picture_must_lie_beside_the_import(import_image, folder, name):
    (folder.parent / "secret.png").write_bytes(picture())
    (folder / "link.png").symlink_to(folder.parent / "secret.png")

    assert "must be a file beside the import" in import_image(name)


@pytest.mark.parametrize("name", ["missing.png", "x" * 5000, "."])
def test_a_picture_that_is_not_there_says_so(import_image, name):
    assert import_image(name)


def test_without_a_folder_there_are_no_pictures(import_image):
    assert "use manage.py import_posts" in import_image("a.png", images_from=None)
