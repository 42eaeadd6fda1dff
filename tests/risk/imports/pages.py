"""Walking through the pages of an import without a browser."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from risk.models import RegisterImport

KNOWN = "Processo;Area di rischio\nRilascio di patrocini;F\n"
ODD = "Processo;Area di rischio;Note interne\nPatrocini;F;x\n"
ASKED = "Processo;Area di rischio\nUno;Entrate comunali\nDue;Entrate comunali\n"


def upload(client, plan, text, name="registro.csv", office="", **options):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(
        reverse("risk:import_start", args=[plan.administration.ipa_code, plan.slug]),
        {"file": SimpleUploadedFile(name, content), "office": office},
        **options,
    )


def address(name, found=None):
    return reverse(f"risk:{name}", args=[(found or RegisterImport.objects.get()).uid])


def text_of(answer) -> str:
    return answer.content.decode()


def take(client, found=None):
    """Confirm the preview of a file as it is shown."""
    found = found or RegisterImport.objects.get()
    shown = client.get(address("import_preview", found))
    data = {"digest": shown.context["report"]["digest"]}
    return client.post(address("import_preview", found), data, follow=True)
