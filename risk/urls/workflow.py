"""Addresses of the workflow, of what was issued and of its verification."""

from django.urls import path

from risk.views import protocol, workflow

urlpatterns = [
    path("allegati/<uuid:uid>/passaggi/", workflow.page, name="workflow"),
    path("emissioni/<uuid:uid>.<str:suffix>", workflow.issue_file, name="issue_file"),
    path("emissioni/<uuid:uid>/protocollo/", protocol.page, name="protocol"),
    path("verifica/", workflow.verify, name="verify"),
]
