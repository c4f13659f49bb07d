"""The rater's pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from annotation.models import Post


@login_required
def post_image(request: HttpRequest, post_id: int) -> FileResponse:
    """The picture of a post, for signed-in people only."""
    post = get_object_or_404(Post, id=post_id)
    path = settings.MEDIA_ROOT / post.image
    if not post.image or not path.is_file():
        raise Http404("This post has no image.")
    response = FileResponse(path.open("rb"))
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
