app_name = "modelling"

urlpatterns: list = []

api_urlpatterns: list = []
