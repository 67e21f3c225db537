"""Sign in and out."""

from django.contrib.auth.views import LoginView, LogoutView

from heart.roles import public

sign_in = public("whoever signs in is nobody yet")(
    LoginView.as_view(template_name="accounts/sign_in.html", redirect_authenticated_user=True)
)
sign_out = public("signing out twice is no mistake")(LogoutView.as_view())
