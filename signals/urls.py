app_name = "signals"

urlpatterns: list = []

api_urlpatterns: list = []
