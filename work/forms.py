"""What confirms that an account is to be deleted."""

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

#: What people without a password type instead.
WORD = _("delete")


class DeleteForm(forms.Form):
    """Asks for the password again; who has none, as participants of crowd platforms, for a word."""

    typed = forms.CharField(max_length=200)

    def __init__(self, user: AbstractBaseUser, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        typed = self.fields["typed"]
        if user.has_usable_password():
            typed.label = _("Your password")
            typed.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        else:
            typed.label = _("Type the word “%(word)s”") % {"word": WORD}
            typed.widget.attrs["autocomplete"] = "off"

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"]
        if not self.user.has_usable_password():
            if typed.strip().casefold() != str(WORD).casefold():
                raise forms.ValidationError(_("Please type the word “%(word)s”.") % {"word": WORD})
        elif not self.user.check_password(typed):
            raise forms.ValidationError(_("This is not your password. Nothing was deleted."))
        return typed
