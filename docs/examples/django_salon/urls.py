"""Which address is which page."""

from django.urls import path

from django_salon import views

urlpatterns = [
    path("", views.menu),
    path("shop.css", views.style),
    path("login", views.log_in),
    path("logout", views.log_out),
    path("checkout", views.check),
    path("book", views.book),
    path("bookings/<str:booking_id>", views.show),
    path("bookings/<str:booking_id>/cancel", views.cancel),
]
