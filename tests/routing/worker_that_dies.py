"""Celery workers that stop at a point of a round, each a process of its own.

    python -m tests.routing.worker_that_dies DATABASE MODELS_DIR

Every line that it reads is the name of a point; it forks a worker that takes from the routing queue
and, at that point, says so and is killed or, in front of a name with "wait ", waits for SIGCONT.
The line "live" makes a worker that does neither. Loading everything once keeps the tests quick.
"""

import os
import signal
import sys

CHUNK = 25
#: name → (module, function, the how-manieth call, whether after it instead of before)
POINTS = {
    "before it learns": ("routing.learning.learn", 1, False),
    "while it learns": ("routing.heads.learn_from", 1, False),
    "with its file half written": ("routing.heads.os.replace", 1, False),
    "with its file written": ("routing.heads.Heads.save", 1, True),
    "with chunks cut, not stored": ("routing.scoring.cut", 1, True),
    "before the first chunk": ("routing.scoring.read_scorer", 1, False),
    "with a chunk scored, not stored": ("routing.scoring._score", 1, True),
    "in the second chunk": ("routing.scoring._score", 2, False),
    "with all chunks scored": ("routing.scoring.gather", 1, False),
    "before the draw": ("routing.sampling.method", 1, False),
    "with the draw staged": ("routing.writing._stage", 2, True),
    "with priorities written": ("routing.writing.PoolBlock.objects.bulk_create", 1, True),
    "before the commit": ("routing.writing._close", 1, True),
    "after the commit": ("routing.rounds.carry_out", 1, True),
}


def main() -> None:
    database, models = sys.argv[1:]
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.MODELS_DIR = models
    django.setup()
    import sklearn.linear_model  # noqa: F401

    from config.celery import app
    from routing import scoring, tasks  # noqa: F401

    scoring.CHUNK = CHUNK
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for number, line in enumerate(sys.stdin):
        if os.fork() == 0:
            say(f"worker {number}")
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            stop_at(line.strip())
            arguments = "worker --pool solo --queues routing --loglevel error"
            app.worker_main([*arguments.split(), "--without-gossip", "--without-mingle"])
            os._exit(0)


def stop_at(point: str) -> None:
    """Replaces the function at the point by one that stops the process."""
    name = point.removeprefix("wait ")
    if name == "live":
        return
    path, which, after = POINTS[name]
    owner, function = resolve(path)
    original, calls = getattr(owner, function), []

    def stopping(*args, **kwargs):
        calls.append(None)
        if after:
            found = original(*args, **kwargs)
        if len(calls) == which:
            say(point)
            pause() if point != name else os.kill(os.getpid(), signal.SIGKILL)
        return found if after else original(*args, **kwargs)

    setattr(owner, function, stopping)


def say(what: str) -> None:
    """Past the worker's own idea of what its output is."""
    os.write(1, f"{what}: {os.getpid()}\n".encode())


def resolve(path: str) -> tuple[object, str]:
    """The module or class that holds the function, and the function's name there."""
    room, module, *inner, function = path.split(".")
    owner = sys.modules[f"{room}.{module}"]
    for name in inner:
        owner = getattr(owner, name)
    return owner, function


def pause() -> None:
    """Waits for SIGCONT, which does nothing else to a process that runs."""
    signal.signal(signal.SIGCONT, lambda *_: None)
    signal.pause()


if __name__ == "__main__":
    main()
