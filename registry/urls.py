"""Addresses of the registry: signing out, and the people of an administration."""

from django.urls import path

from registry.views import door, people

app_name = "registry"

_MEMBERSHIP = "persone/appartenenze/<int:pk>"

urlpatterns = [
    path("esci/", door.sign_out, name="logout"),
    path("persone/", people.index, name="people"),
    path("persone/<slug:ipa_code>/", people.people_of, name="people_of"),
    path("persone/<slug:ipa_code>/invita/", people.invite, name="invite"),
    path(f"{_MEMBERSHIP}/fine/", people.end, name="end_membership"),
    path(f"{_MEMBERSHIP}/subentro/", people.hand_over, name="hand_over"),
    path(f"{_MEMBERSHIP}/sostituto/", people.deputy, name="name_deputy"),
    path(f"{_MEMBERSHIP}/invito/", people.invite_again, name="invite_again"),
]
