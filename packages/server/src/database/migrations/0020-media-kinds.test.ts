import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { openLoad } from "../../app/open-dump.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import { kindOf } from "../../media/inspect/media-kind.ts";
import { describeEngines, postgresEngine } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import type { Schema } from "../schema.ts";

/** Types of which the server stores files. */
const mimes = [
  ...["image/jpeg", "image/svg+xml", "image/vnd.adobe.photoshop", "image/mj2"],
  ...["video/mp4", "application/mxf", "application/vnd.ms-asf", "application/vnd.rn-realmedia"],
  ...["audio/mpeg", "application/pdf", "text/plain", "application/octet-stream"],
];
const expected = mimes.map((mime) => [mime, kindOf(mime)]).toSorted();

type Rows = { readonly table: keyof Schema & ("accounts" | "folders" | "blobs" | VersionTable | FileTable) } & {
  readonly rows: readonly Readonly<Record<string, string | number | Buffer>>[];
};
type FileTable = "files" | "trashed_files";
type VersionTable = "versions" | "trashed_versions";

const times = { created_at: 1, updated_at: 1 };
const content = { storage_key: "k", sha256: Buffer.alloc(32), size: 1, created_at: 1, touched_at: 1 };

/** One file of each type, as 0.1.0 stores it. */
function filesOf(table: FileTable, place: Readonly<Record<string, string | number>>): Rows {
  const ids = mimes.map((mime) => `${table} ${mime}`);
  return {
    table,
    rows: ids.map((id) => {
      return { id, account_id: "a", name: id, ...place, current_version_id: id, last_version_number: 1, ...times };
    }),
  };
}

function versionsOf(table: VersionTable, files: FileTable): Rows {
  return {
    table,
    rows: mimes.map((mime) => {
      const id = `${files} ${mime}`;
      const type = { mime, file_type: kindOf(mime) === "picture" ? "image" : "non-image" };
      const bytes = { file_id: id, number: 1, blob_id: "blob", size: 1, ...type };
      const details = { is_private_file: 0, is_published: 1, object_version: "o", purges: 0 };
      return { id, account_id: "a", ...bytes, ...details, ...times };
    }),
  };
}

const library: readonly Rows[] = [
  { table: "accounts", rows: [{ id: "a", imagekit_id: "a", status: "active", created_at: 1 }] },
  { table: "folders", rows: [{ id: "root", account_id: "a", name: "", path: "/", ...times }] },
  { table: "blobs", rows: [{ id: "blob", account_id: "a", ...content }] },
  filesOf("files", { folder_id: "root" }),
  versionsOf("versions", "files"),
  filesOf("trashed_files", { folder_path: "/", trashed_at: 1, purge_at: 2 }),
  versionsOf("trashed_versions", "trashed_files"),
];

async function expectKinds(connection: Kysely<Schema>): Promise<void> {
  for (const table of ["versions", "trashed_versions"] as const) {
    const found = await connection.selectFrom(table).select(["mime", "kind"]).execute();
    expect(found.map(({ mime, kind }) => [mime, kind]).toSorted()).toEqual(expected);
  }
}

describeEngines((engine) => {
  test("a backup of the release before is restored with the kind of each version, in the trash too", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "sluice-kinds-"));
    const place = await engine.prepareEmpty();
    const config = resolveConfig({ ...place.settings, dataDir, port: 0 });
    try {
      const load = await openLoad(config, "0019-one-job-queue", new AbortController().signal);
      try {
        for (const { table, rows } of library) {
          const columns = Object.keys(rows[0] ?? {});
          await load.insert({ table, columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) });
        }
        await load.finish();
      } finally {
        await load.close();
      }
      const connection = openOtherConnection(config);
      await expectKinds(connection).finally(() => connection.destroy());
    } finally {
      await place.drop();
      await rm(dataDir, { recursive: true });
    }
  });

  test.runIf(engine === postgresEngine)("what a server of 0.1.0 stores beside this version gets its kind", async () => {
    const place = await engine.prepare();
    const connection = openOtherConnection(resolveConfig({ ...place.settings, port: 0 }));
    try {
      for (const { table, rows } of library) {
        const columns = Object.keys(rows[0] ?? {});
        const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
        const names = sql.join(columns.map((column) => sql.ref(column)));
        await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(values)}`.execute(connection);
      }
      await expectKinds(connection);
    } finally {
      await connection.destroy();
      await place.drop();
    }
  });
});
