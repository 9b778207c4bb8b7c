"""Addresses of the pages."""

from django.urls import include, path, register_converter

from shanhai.web import preferences, styleguide
from shanhai.web.acts.views import act_page
from shanhai.web.converters import IdConverter, NounConverter, VerbConverter
from shanhai.web.objects.detail import object_page
from shanhai.web.objects.lists import list_page
from shanhai.web.officers import door, enrol, posts

register_converter(NounConverter, "noun")
register_converter(IdConverter, "id")
register_converter(VerbConverter, "verb")

urlpatterns = [
    path("preferences/text", preferences.text_size, name="text_size"),
    path("styleguide", styleguide.gallery, name="styleguide"),
    path("demo", door.choose, name="demo"),
    path("demo/key", door.make_key, name="demo_key"),
    path("demo/confirm", door.confirm, name="demo_confirm"),
    path("demo/forward", door.forward, name="demo_forward"),
    path("enrol/<id:id>", enrol.enrol_page, name="enrol"),
    path("enrol/<id:id>/offer", enrol.enrol_offer, name="enrol_offer"),
    path("enrol/<id:id>/letter", enrol.invitation_letter, name="invitation_letter"),
    path("posts", posts.choose_post, name="choose_post"),
    path("", include("shanhai.web.ledger.urls")),
    path("", include("shanhai.web.documents.urls")),
    path("", include("shanhai.web.funds.urls")),
    path("", include("shanhai.web.exports.urls")),
    path("", include("shanhai.web.imports.urls")),
    path("files/", include("shanhai.web.files.urls")),
    path("", include("shanhai.web.workbench.urls")),
    path("", include("shanhai.web.portal.urls")),
    path("", include("shanhai.web.acts.urls")),
    path("", include("shanhai.web.projects.urls")),
    path("", include("shanhai.web.account.urls")),
    path("<noun:noun>", list_page, name="list"),
    path("<noun:noun>/<id:id>", object_page, name="object"),
    path("<noun:noun>/<id:id>/<verb:verb>", act_page, name="act"),
]
