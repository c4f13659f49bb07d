from hypothesis import settings

# A busy machine is no failure: the examples count, not how long one of them takes.
settings.register_profile("agreement", deadline=None)
settings.load_profile("agreement")
