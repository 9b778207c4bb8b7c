"""Addresses of documents."""

from django.urls import path, register_converter

from shanhai.web.files import uploads, views


class HashConverter:
    """A document's hash: 64 lower-case hex digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


class UploadConverter(HashConverter):
    """An upload's id: 32 lower-case hex digits."""

    regex = "[0-9a-f]{32}"


register_converter(HashConverter, "file_hash")
register_converter(UploadConverter, "upload_id")

urlpatterns = [
    path("", views.mine, name="files"),
    path("uploads", uploads.start, name="upload_start"),
    path("uploads/<upload_id:upload>", uploads.chunk, name="upload"),
    path("uploads/<upload_id:upload>/finish", uploads.finish, name="upload_finish"),
    path("<file_hash:digest>", views.viewer, name="file"),
    path("<file_hash:digest>/open", views.opened, name="file_open"),
    path("<file_hash:digest>/download", views.download, name="file_download"),
]
