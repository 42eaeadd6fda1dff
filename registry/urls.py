"""Addresses of the registry: signing out."""

from django.urls import path

from registry.views import door

app_name = "registry"

urlpatterns = [
    path("esci/", door.sign_out, name="logout"),
]
