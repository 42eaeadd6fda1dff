"""The address of the page that says what a file is."""

from django.urls import path

from risk.views import verification

urlpatterns = [path("verifica/", verification.page, name="verify")]
