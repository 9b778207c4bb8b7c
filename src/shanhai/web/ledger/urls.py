"""Addresses of the ledger's files and pages."""

from django.urls import path

from shanhai.web.ledger import explorer, files, proof

urlpatterns = [
    path("ledger/vkey", files.static_file, {"path": "vkey"}, name="ledger_vkey"),
    path("ledger/checkpoint", files.static_file, {"path": "checkpoint"}, name="ledger_checkpoint"),
    path("ledger/final", files.static_file, {"path": "final"}, name="ledger_final"),
    path("ledger/cosignatures", files.cosignatures, name="ledger_cosignatures"),
    path("ledger/cosigned/<int:size>", files.cosigned, name="ledger_cosigned"),
    path("ledger/objections", files.objections, name="ledger_objections"),
    path("ledger/snapshot", files.static_file, {"path": "snapshot"}, name="ledger_snapshot"),
    path("ledger/snapshot/<path:rest>", files.snapshot, name="ledger_snapshot_part"),
    path("ledger/tile/<path:rest>", files.tile, name="ledger_tile"),
    path("ledger/proof/<slug:ref>.json", files.proof_json, name="ledger_proof_json"),
    path("ledger/proof/<slug:ref>", files.proof_file, name="ledger_proof"),
    path("ledger/consistency", files.consistency, name="ledger_consistency"),
    path("ledger/trust.json", files.trust, name="ledger_trust"),
    path("ledger/log", files.whole_log, name="ledger_log"),
    path("ledger/entry/<slug:ref>", proof.moved, name="ledger_entry"),
    path("proof/<slug:ref>", proof.proof_page, name="proof"),
    path("explorer", explorer.explorer, name="explorer"),
    path("explorer/verify", explorer.verify, name="explorer_verify"),
    path("explorer/<slug:ref>", explorer.entry, name="explorer_entry"),
]
