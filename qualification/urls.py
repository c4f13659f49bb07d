"""Addresses of the quiz, and of the page for gold."""

from django.urls import path

from qualification import views

app_name = "qualification"

urlpatterns = [
    path("campaigns/<slug:slug>/quiz/", views.quiz, name="quiz"),
    path("campaigns/<slug:slug>/quiz/<int:answer_id>/", views.answer, name="answer"),
]
