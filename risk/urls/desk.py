"""Addresses of the start page and of the search from anywhere."""

from django.urls import path

from risk.views import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("cerca/", desk.search_page, name="search"),
]
