"""The one door of the site: signing in and out."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from registry import views

app_name = "registry"

urlpatterns = [
    path("accedi/", views.sign_in, name="login"),
    path("esci/", LogoutView.as_view(), name="logout"),
]
