"""Addresses of the registry: signing out, one’s profile, people, long work, the trail, lists."""

from django.urls import path

from registry.views import (
    bodies,
    invitations,
    jobs,
    offices,
    people,
    profile,
    suggestions,
    trail,
    undo,
)
from registry.views.moved import moved
from registry.views.sign_out import sign_out

app_name = "registry"

_OFFICES = "uffici/<slug:ipa_code>"
_MEMBERSHIP = "persone/appartenenze/<int:pk>"

urlpatterns = [
    path("esci/", sign_out, name="logout"),
    path("operazioni/", jobs.index, name="jobs"),
    path("operazioni/elenco/", jobs.prepare_list, name="prepare_list"),
    path("operazioni/<uuid:uid>/", jobs.page, name="job"),
    path("operazioni/<uuid:uid>/avanzamento/", jobs.progress, name="job_progress"),
    path("operazioni/<uuid:uid>/file/", jobs.file, name="job_file"),
    *moved("lavori/", word="lavori", now="operazioni"),
    path("elenchi/uffici/", suggestions.offices_anywhere, name="offices_anywhere"),
    path("elenchi/<slug:ipa_code>/<slug:name>/", suggestions.offered, name="suggestions"),
    path("profilo/", profile.profile, name="profile"),
    path("inviti/<uuid:uid>/", invitations.page, name="invitation"),
    path("inviti/<uuid:uid>/ritira/", invitations.withdraw, name="withdraw_invitation"),
    path("persone/", people.index, name="people"),
    path("persone/<slug:ipa_code>/", people.people_of, name="people_of"),
    path("persone/<slug:ipa_code>/invita/", people.invite, name="invite"),
    path("ente/<slug:ipa_code>/", bodies.settings, name="settings"),
    path("ente/<slug:ipa_code>/annulla/", undo.undo_kept, name="undo"),
    path(f"{_OFFICES}/", offices.offices, name="offices"),
    path(f"{_OFFICES}/nuovo/", offices.add, name="office_add"),
    path(f"{_OFFICES}/nuovi/", offices.add_many, name="offices_add"),
    path(f"{_OFFICES}/<int:office>/", offices.office, name="office"),
    path("registrazioni/", trail.index, name="trail"),
    path("registrazioni/<slug:ipa_code>/", trail.trail_of, name="trail_of"),
    path(f"{_MEMBERSHIP}/fine/", people.end, name="end_membership"),
    path(f"{_MEMBERSHIP}/subentro/", people.hand_over, name="hand_over"),
    path(f"{_MEMBERSHIP}/sostituto/", people.deputy, name="name_deputy"),
    path(f"{_MEMBERSHIP}/invito/", people.invite_again, name="invite_again"),
]
