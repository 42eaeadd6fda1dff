"""People who sign in, and what they are to an administration."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from registry.admin.base import SAFE, RegisterAdmin, RegisterInline
from registry.forms.backoffice import BackOfficeForm
from registry.models import DirectoryRule, Membership, User
from registry.services.person_acts import person_act


class PersonForm(BackOfficeForm, UserChangeForm):
    """A person, with the password shown as set or not."""


class NewPersonForm(BackOfficeForm, AdminUserCreationForm):
    """A new person with a first password."""


class MembershipInline(RegisterInline, admin.TabularInline):
    """What the person is, to whom and since when."""

    model = Membership
    fields = ("administration", "office", "role", "title", "starts_on", "ends_on")
    names_need = ("user",)


@admin.register(User)
class PersonAdmin(RegisterAdmin, UserAdmin):
    view_right = change_right = "registry.keep_people"
    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "last_name", "first_name", "email", "is_active")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "last_name", "first_name", "email")
    ordering = ("last_name", "first_name", "username")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "email")}),
        (_("Accesso"), {"fields": ("is_active", "is_superuser")}),
        (_("Date"), {"fields": ("last_login", "date_joined")}),
    )
    inlines = (MembershipInline,)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def save_model(self, request, obj, form, change):
        """Save a person, and say on the trail what was done to them."""
        with person_act(obj if change else None, by=request.user) as made:
            super().save_model(request, obj, form, change)
            if not change:
                made.append(obj)

    def user_change_password(self, request, id, form_url=""):
        """Show and save the form of a new password, which is an act too."""
        if request.method in SAFE:
            return super().user_change_password(request, id, form_url)
        with person_act(User.objects.filter(pk=id).first(), by=request.user):
            return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request, obj=None):
        """Nobody is deleted: trail and histories say what they did. Access is suspended instead."""
        return False


@admin.register(Membership)
class MembershipAdmin(RegisterAdmin):
    view_right = "registry.view_people"
    change_right = "registry.keep_people"
    list_display = ("user", "role", "office", "administration", "starts_on", "ends_on")
    list_filter = ("role", ("administration", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "office", "administration")
    names_need = ("user", "office", "administration")
    search_fields = ("user__last_name", "user__first_name", "user__username", "office__folded")
    search_help_text = _("Persona o ufficio.")
    autocomplete_fields = ("user",)
    fieldsets = (
        (None, {"fields": ("user", "administration", "office", "role", "title")}),
        (_("Durata"), {"fields": ("starts_on", "ends_on")}),
    )


@admin.register(DirectoryRule)
class DirectoryRuleAdmin(RegisterAdmin):
    """Which role a group of the directory gives: kept by the RPCT of the body."""

    view_right = "registry.view_people"
    list_display = ("group", "role", "office", "administration")
    list_filter = ("role", ("administration", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("office", "administration")
    names_need = ("office", "administration")
    search_fields = ("folded", "office__folded")
    search_help_text = _("Gruppo o ufficio.")
    fixed_fields = ("administration",)
    fieldsets = ((None, {"fields": ("administration", "group", "role", "office")}),)
