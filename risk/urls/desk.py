"""Address of the start page."""

from django.urls import path

from risk.views import desk

urlpatterns = [path("", desk.desk, name="desk")]
