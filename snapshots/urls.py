app_name = "snapshots"

urlpatterns: list = []

api_urlpatterns: list = []
