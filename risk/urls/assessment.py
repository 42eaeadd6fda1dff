"""Addresses of the assessment of a process, and of what in its annex has a level."""

from django.urls import path

from risk.views import assessment

urlpatterns = [
    path("processi/<uuid:uid>/valutazione/", assessment.assessment, name="assessment"),
    path("allegati/<uuid:uid>/valutati/", assessment.judged, name="judged"),
]
