"""Addresses of the assessment of a process."""

from django.urls import path

from risk.views import assessment

urlpatterns = [
    path("processi/<uuid:uid>/valutazione/", assessment.assessment, name="assessment"),
]
