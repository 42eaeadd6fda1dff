"""Addresses of the answers of a round as workbooks."""

from django.urls import path

from risk.views import answer_books

_ROUND = "monitoraggi/<uuid:uid>"

urlpatterns = [
    path(f"{_ROUND}/fogli/", answer_books.books, name="round_books"),
    path(f"{_ROUND}/fogli/prepara/", answer_books.prepare, name="round_books_prepare"),
    path(
        f"{_ROUND}/uffici/<int:office>/foglio.xlsx",
        answer_books.office_file,
        name="round_office_book",
    ),
    path("fogli-di-risposta/<uuid:uid>/", answer_books.brought, name="round_brought"),
]
