"""Addresses of the library of typical processes."""

from django.urls import path

from registry.views.moved import moved
from risk.views import library

urlpatterns = [
    path("processi-tipo/", library.library, name="library"),
    path("processi-tipo/copia/", library.library_copy, name="library_copy"),
    path("processi-tipo/allegati/", library.library_annexes, name="library_annexes"),
    *moved("processi-tipo/repertorio-nazionale/", word="repertorio-nazionale", now="nazionali"),
    # a code is what a body has typed: it may hold a slash
    path(
        "processi-tipo/<slug:owner>/<path:code>/", library.library_process, name="library_process"
    ),
    path("processi/<uuid:uid>/processo-tipo/", library.library_save, name="library_save"),
]
