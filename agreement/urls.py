app_name = "agreement"

urlpatterns: list = []

api_urlpatterns: list = []
