"""The identity provider of a body (OpenID Connect), as such providers are (docs/decisions/0038)."""

import hmac
import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from allauth.account.internal.decorators import login_not_required
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthError, Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.signals import user_login_failed
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from ptpct.signin.refusals import note, reason_of, refuse, saml_reason
from registry.models import User
from registry.services.directory import apply_groups

UNREADABLE = (RequestException, OAuth2Error, AttributeError, KeyError, TypeError, ValueError)
"""What comes of a provider that is away, or answers otherwise than the standard says."""
STATUS = {
    "away": HTTPStatus.SERVICE_UNAVAILABLE,
    "failing": HTTPStatus.BAD_GATEWAY,
    "unreadable": HTTPStatus.BAD_GATEWAY,
    "client": HTTPStatus.BAD_GATEWAY,
    "incomplete": HTTPStatus.BAD_GATEWAY,
}
"""What is no fault of whoever comes."""


class ProviderError(OAuth2Error):
    """An answer of the provider that lets nobody in; `code` is a key of `ptpct.signin.refusals`."""

    def __init__(self, code: str, **told: str) -> None:
        super().__init__(code)
        self.code, self.told = code, told


class TokenClient(OAuth2Client):
    """Asks for the token with the secret in the head or in the body, as the provider takes it.

    RFC 6749 § 2.3.1: every provider knows the head (Basic), both parts encoded as in a form; what
    a provider lists is what it can, not what it has noted for this client.
    """

    def __init__(self, *args: Any, ways: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self._ways = ways
        self._names = self.consumer_key, self.consumer_secret

    def get_access_token(self, *args: Any, **options: Any) -> dict:
        """Return the answer with the token; a refused way is followed by the other."""
        for way in self._ways:
            self.basic_auth = way == "basic"
            encode = quote_plus if self.basic_auth else str
            self.consumer_key, self.consumer_secret = map(encode, self._names)
            try:
                return super().get_access_token(*args, **options)
            except OAuth2Error as error:
                refused = error
                if "invalid_client" not in str(error):
                    break
        raise refused


class BodyAdapter(OpenIDConnectOAuth2Adapter):
    """What is asked of the provider after it has sent somebody back."""

    nonce = ""
    """What the identity must name: it was made for this request and no other."""

    def get_client(self, request: HttpRequest, app: SocialApp) -> TokenClient:
        """Return who asks for the token."""
        return TokenClient(
            request,
            app.client_id,
            app.secret,
            self.access_token_method,
            self.access_token_url,
            self.get_callback_url(request, app),
            ways=self._ways(app.settings.get("secret_by", "auto")),
        )

    def _ways(self, chosen: str) -> tuple[str, ...]:
        if chosen != "auto":
            return (chosen,)
        listed = self.openid_config.get("token_endpoint_auth_methods_supported", ())
        return ("post", "basic") if "client_secret_post" in listed else ("basic", "post")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **answers: Any
    ) -> SocialLogin:
        """Return who it is, from the identity and, where there is one, the page about the person.

        Raises `ProviderError` for an identity that is missing, of another request, or of another
        person than the page (OpenID Connect Core 1.0 § 3.1.3.7, § 5.3.2).
        """
        sealed = answers["response"].get("id_token")
        if not sealed:
            raise ProviderError("no_identity")
        identity = self._decode_id_token(app, sealed)
        if not hmac.compare_digest(str(identity.get("nonce", "")), self.nonce):
            raise ProviderError("other_request")
        about = {}
        if "userinfo_endpoint" in self.openid_config:
            about = self._fetch_user_info(token.token)
            if about.get("sub") != identity["sub"]:
                raise ProviderError("other_person")
        data = {"id_token": identity, "userinfo": {**identity, **about}}
        return self.get_provider().sociallogin_from_response(request, data)


class BodyProvider(OpenIDConnectProvider):
    """The provider of the body: where people are sent to, and what with."""

    oauth2_adapter_class = BodyAdapter

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Return what is asked: a link cannot ask for more."""
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Return what is sent along: a link cannot add to it."""
        return self.get_auth_params()

    def redirect(self, request: HttpRequest, process: str, **options: Any) -> HttpResponse:
        """Lead to the provider; where it does not answer, to a page that says so."""
        nonce = secrets.token_urlsafe(24)
        options["auth_params"] = {**(options.get("auth_params") or {}), "nonce": nonce}
        try:
            return super().redirect(request, process, nonce=nonce, **options)
        except UNREADABLE as error:
            return render_authentication_error(request, self, exception=error)


class CallbackView(OAuth2CallbackView):
    """Where the provider sends back."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let somebody in, or say why not."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except UNREADABLE as error:
            return render_authentication_error(
                request, self.adapter.get_provider(), exception=error
            )

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict | None, Any]:
        state, answer = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, answer


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Tells the library what a provider is here: it says who somebody is, never who may come in."""

    def get_provider(self, *args: Any, **options: Any) -> Provider:
        """Return a provider; that of the body is the one of this house."""
        provider = super().get_provider(*args, **options)
        if isinstance(provider, OpenIDConnectProvider):
            return BodyProvider(provider.request, app=provider.app)
        return provider

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Tell that a stranger stays one."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Return the person the provider named, if they may come in, and their address.

        The address is noted as verified: the library would otherwise take the password away from
        whoever has one.
        """
        person, refused = person_named(sociallogin)
        if refused or person is None:
            return None
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        return person, person.email

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let it serve to sign in, not to tie a foreign identity; say why nobody comes in."""
        if sociallogin.state.get("process", "login") != "login":
            raise refuse(request, "only_sign_in")
        if sociallogin.is_existing:
            _take_groups(sociallogin)
            return
        _person, refused = person_named(sociallogin)
        address = address_named(sociallogin)
        shown = {"email": address}
        user_login_failed.send(sender=__name__, credentials=shown, request=request)
        raise refuse(request, refused, status=HTTPStatus.FORBIDDEN, address=address)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict | None = None,
    ) -> None:
        """Answer with the page of the true reason; turning back there has a page of its own."""
        if error == AuthError.CANCELLED:
            note(request, "turned_back")
            return
        saml = (extra_context or {}).get("saml_last_error_reason")
        code, told = saml_reason(saml) if saml else reason_of(exception, request.GET)
        raise refuse(request, code, status=STATUS.get(code, HTTPStatus.UNAUTHORIZED), **told)


def address_named(sociallogin: SocialLogin) -> str:
    """Return the address the provider gave of whom it sends, "" when it gave none."""
    return str(_claims(sociallogin).get("email") or "").strip().lower()


def person_named(sociallogin: SocialLogin) -> tuple[User | None, str]:
    """Return the person who has the address the provider vouches for, or why nobody comes in.

    The reason is a key of `ptpct.signin.refusals`, "" for somebody who may come in. A provider that
    says nothing about its addresses vouches for them where the setting says so.
    """
    address = address_named(sociallogin)
    if not address:
        return None, "no_address"
    said = _claims(sociallogin).get("email_verified")
    if said is None and not sociallogin.provider.app.settings.get("trusts_addresses"):
        return None, "not_said"
    # some providers write the word: the text "false" is not a yes
    if said is not None and str(said).lower() != "true":
        return None, "not_verified"
    person = User.objects.filter(email__iexact=address).first()
    if person is None:
        return None, "nobody"
    return person, "" if person.is_active else "suspended"


def _take_groups(sociallogin: SocialLogin) -> None:
    """Give and end the roles of groups, where the provider tells any.

    Silence is no empty list, but where the setting says that of whoever is in none nothing is told,
    and the list does not stand elsewhere (OpenID Connect Core 1.0 § 5.6.2).
    """
    settings, told = sociallogin.provider.app.settings, _claims(sociallogin)
    claim = settings.get("groups_claim", "")
    groups = told.get(claim) if claim else None
    elsewhere = claim in (told.get("_claim_names") or {})
    if claim and groups is None and not elsewhere and settings.get("no_groups") == "end":
        groups = []
    if isinstance(groups, str):
        groups = [groups]
    if isinstance(groups, list):
        apply_groups(person=sociallogin.user, groups=[str(group) for group in groups])


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    told = sociallogin.account.extra_data
    if "userinfo" in told:
        return told["userinfo"]
    # SAML: a list of values for each attribute, the address by the map of the settings
    addresses = (row.email for row in sociallogin.email_addresses)
    return {**told, "email": next(addresses, "")}


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider of the body; not found where none is configured."""
    try:
        return BodyAdapter(request, provider_id).get_provider().redirect_from_request(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take back whom the provider sends; not found where none is configured."""
    try:
        return CallbackView.adapter_view(BodyAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
