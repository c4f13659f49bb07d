"""What can go wrong at the quiz."""

from lib.errors import Conflict


class QuizOver(Conflict):
    """There is no quiz to take here, or no try left at it."""

    code = "quiz_over"


class PostIsAsked(Conflict):
    """The quiz has asked this post."""

    code = "post_is_asked"

    def __init__(self, key: str):
        super().__init__(
            f"The quiz has asked the post '{key}', so that some raters know its right picks: it "
            "can't be ordinary again. It may be withdrawn."
        )
