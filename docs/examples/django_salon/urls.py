"""Which address is which page."""

from django.urls import include, path

from django_salon import client_views, login_views

handler400 = "django_salon.errors.bad_request"
handler404 = "django_salon.errors.not_found"

urlpatterns = [
    path("", client_views.menu),
    path("checkout", client_views.check),
    path("book", client_views.book),
    path("bookings/<str:booking_id>", client_views.show),
    path("bookings/<str:booking_id>/exchange", client_views.pick_instead),
    path("bookings/<str:booking_id>/move", client_views.move),
    path("bookings/<str:booking_id>/cancel", client_views.cancel),
    path("staff/", include("django_salon.staff_urls")),
    path("login", login_views.log_in),
    path("logout", login_views.log_out),
    path("shop.css", login_views.style),
]
