"""Which address is which page of staff's: each behind the check, so that none is forgotten."""

from django.urls import path

from django_salon import staff_views as views

urlpatterns = [
    path(address, views.staff_only(view))
    for address, view in (
        ("", views.day),
        ("clients/<str:client_id>", views.client),
        ("bookings/<str:booking_id>", views.show),
        ("bookings/<str:booking_id>/complete", views.complete),
        ("bookings/<str:booking_id>/no-show", views.no_show),
        ("bookings/<str:booking_id>/forgive", views.forgive),
        ("bookings/<str:booking_id>/move", views.move),
        ("bookings/<str:booking_id>/cancel", views.cancel),
    )
]
