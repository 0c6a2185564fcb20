import { randomBytes } from "node:crypto";
import type { Insertable } from "kysely";
import type { Schema } from "../../database/schema.ts";
import { removeFileTransaction } from "../../library/files/edit-files.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import type { UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";

/** A text that must not be in an export. */
export const secretText = "secret-of-the-account";

/** Rows of tables into which no upload writes. Their ids are made up. */
type OtherRows = { readonly [Table in keyof Schema]?: Insertable<Schema[Table]> };

/**
 * Fills every table with rows of the fixture's first account: two versions of a file in folders, a file in the trash, a
 * token, and one row in each other table.
 */
export async function fillAccount(fixture: UploadFixture): Promise<void> {
  const { accountId } = fixture.principal;
  await fixture.upload("first", { folder: "/one/two" });
  // The ids of versions of one millisecond are in no particular order.
  fixture.time += 1;
  const asset = await fixture.upload("second", { folder: "/one/two" });
  const trashed = await fixture.upload("second", { folder: "/one/two", fileName: "trashed.txt" });
  const deletion = { accountId, fileId: trashed.file_id, trashMs: 1000, now: fixture.time };
  await fixture.parts.database.run(removeFileTransaction, deletion);
  const now = Date.now();
  const owned = { id: newId(), account_id: accountId };
  const [eventId, endpointId, runId, purgeId] = [newId(), newId(), newId(), newId()];
  const rows: OtherRows = {
    custom_metadata_fields: { ...owned, name: "f", label: "f", schema: "{}", created_at: now, updated_at: now },
    named_transformations: { ...owned, name: "n", transformation: "w-1", enabled: 1, created_at: now },
    url_endpoints: { ...owned, description: "e", url_prefix: "e", origin_ids: "[]", created_at: now },
    origins: {
      ...{ ...owned, name: "o", type: "WEB_FOLDER", settings: "{}", secrets: secretText },
      ...{ created_at: now, updated_at: now },
    },
    saved_extensions: { ...owned, name: "s", description: "", config: "{}", created_at: now, updated_at: now },
    usage_deliveries: {
      ...{ account_id: accountId, day: "2026-01-01", source: "s", status: 200, type: "text/plain" },
      ...{ requests: 1, bytes: 1 },
    },
    usage_events: {
      ...{ account_id: accountId, day: "2026-01-01", source: "s", kind: "uploads", name: "stored" },
      ...{ events: 1, bytes: 1 },
    },
    usage_extensions: { account_id: accountId, day: "2026-01-01", name: "e", operations: 1 },
    picture_detections: {
      ...{ blob_id: asset.blob_id, detection: "faces", page: 0, revision: 1 },
      ...{ account_id: accountId, things: "[]" },
    },
    picture_hashes: { blob_id: asset.blob_id, account_id: accountId, blob_touched_at: now },
    used_tokens: { account_id: accountId, digest: randomBytes(32), expires_at: now, used_at: now, attempt: null },
    job_turns: { account_id: accountId, used_until: now },
    queued_uploads: {
      ...{ ...owned, blob_id: asset.blob_id, size: asset.size, key_id: fixture.principal.key.id, name: "q.mp4" },
      ...{ fields: "[]", request_id: "r", public_url: "", client: "192.0.2.1", created_at: now },
    },
    upload_sessions: {
      ...{ id_digest: randomBytes(32), account_id: accountId, key_id: fixture.principal.key.id, request_id: "r" },
      ...{
        public_url: "",
        client: "192.0.2.1",
        arrived_at: now,
        created_at: now,
        expires_at: now,
        length: 1,
        received: 0,
      },
      ...{
        blob_key: newBlobKey(),
        bytes: JSON.stringify({ key: newBlobKey(), length: 1, offset: 0 }),
        fields: "[]",
        metadata: "",
        wanted: 0,
        takeovers: 0,
        state: "open",
      },
    },
    used_v1_tokens: { account_id: accountId, digest: randomBytes(32), used_at: now },
    catalogue_values: { account_id: accountId, scope: 0, id: asset.file_id, field: "f", text: "v" },
    purges: { ...owned, id: purgeId, path_prefix: null, created_at: now },
    bulk_jobs: {
      ...{ ...owned, type: "COPY_FOLDER", status: "Completed", source_path: "/one", target_path: "/two/one" },
      ...{
        all_versions: 0,
        trash_ms: null,
        purge_id: null,
        public_url: "",
        progress: "{}",
        done: 1,
        total: 1,
        error: null,
      },
      ...{ created_at: now, ended_at: now },
    },
    job_progress: { job: "j", key: "k", account_id: accountId, fraction: 0.5, message: "m", updated_at: now },
    extension_runs: {
      ...{ ...owned, id: runId, file_id: asset.file_id, version_id: asset.id, name: "e", options: "{}" },
      ...{ webhook_url: null, public_url: "", imagekit_id: "demo", created_at: now },
    },
    console_sessions: {
      ...{ ...owned, token_hash: randomBytes(32), key_pair_id: fixture.principal.key.id, role: "full", client: "c" },
      ...{ created_at: now, last_seen_at: now, ends_at: now },
    },
    console_links: { hash: randomBytes(32), account_id: accountId, role: "full", created_at: now, ends_at: now },
    zip_tickets: {
      ...{ hash: randomBytes(32), account_id: accountId, role: "full", key_pair_id: fixture.principal.key.id },
      ...{ selection: "{}", created_at: now, ends_at: now },
    },
    webhook_endpoints: {
      ...{ ...owned, id: endpointId, url: "https://example.com/", secret: secretText, earlier_secret: secretText },
      ...{ status: "enabled", origin: "added", created_at: now },
    },
    webhook_url_secrets: { account_id: accountId, secret: secretText, earlier_secret: secretText },
    events: { ...owned, id: eventId, type: "file.created", url: null, payload: "{}" },
    webhook_attempts: {
      ...{ ...owned, event_id: eventId, endpoint_id: endpointId, attempt: 1, status: 200, error: null, excerpt: null },
      ...{ duration_ms: 1, created_at: now },
    },
    webhook_exchanges: {
      ...{ attempt_id: owned.id, account_id: accountId, target: endpointId },
      ...{ url: "https://example.com/", answer: null },
    },
  };
  const other = openOtherConnection(fixture.config);
  try {
    for (const [table, row] of Object.entries(rows)) {
      await other
        .insertInto(table as "purges")
        .values(row as Insertable<Schema["purges"]>)
        .execute();
    }
  } finally {
    await other.destroy();
  }
}
