"""The address of a project's page."""

from django.urls import path

from shanhai.web.projects.views import project_page

urlpatterns = [path("project/<id:id>", project_page, name="project")]
