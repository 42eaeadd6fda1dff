"""Addresses of the site: the admin, the health page, then the pages of the two apps."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from ptpct.first_words import found_by_first_word
from ptpct.health import health
from ptpct.metrics import metrics

admin.autodiscover()

handler400 = "ptpct.uploads.unreadable"
handler500 = "ptpct.tracing.server_error"
# asked by django-allauth, by this name
handler429 = "ptpct.signin.limits.too_many"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("salute/", health, name="health"),
    path("metriche/", metrics, name="metrics"),
    found_by_first_word("ptpct.signin.urls"),
    found_by_first_word("registry.urls"),
    found_by_first_word("risk.urls"),
]
if "allauth.socialaccount.providers.saml" in settings.INSTALLED_APPS:
    urlpatterns.append(path("", include("ptpct.signin.saml_urls")))
