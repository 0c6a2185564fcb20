import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { viewerOf } from "../access/viewer.ts";
import { createAccount } from "../accounts/account-transactions.ts";
import type { Principal } from "../accounts/authenticate.ts";
import type { Jobs } from "../app/open-jobs.ts";
import { openParts, type Parts } from "../app/parts.ts";
import type { Config } from "../config/config.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import type { AssetRow } from "../database/repositories/assets.ts";
import { findKeyPair } from "../database/repositories/key-pairs.ts";
import type { SessionHold } from "../database/repositories/upload-sessions.ts";
import { checkConsistency } from "../maintenance/fsck.ts";
import type { MediaFacts } from "../media/inspect/media-facts.ts";
import { openTestProcesses } from "../media/testing/open-images.ts";
import { createLogger } from "../observability/logger.ts";
import { fieldsOnce, resolveCustomMetadata } from "../upload/resolve/custom-metadata.ts";
import { validate } from "../upload/resolve/validate.ts";
import { commit } from "../upload/store/commit.ts";
import { sqliteEngine, type TestEngine } from "./engines.ts";
import { openTestDatabase } from "./open-test-database.ts";

export interface UploadFixture {
  readonly parts: Parts;
  readonly config: Config;
  readonly principal: Principal;
  /** A second account, for tests that nothing crosses between accounts. */
  readonly stranger: Principal;
  /** The clock that the upload path reads. It starts at the real time. */
  time: number;
  readonly services: Parts & { readonly config: Config; readonly now: () => number };
  /** Spools the content and commits it, as the last steps of an upload do. */
  upload(
    content: string,
    fields?: Readonly<Record<string, string>>,
    principal?: Principal,
    session?: SessionHold,
    media?: MediaFacts,
  ): Promise<AssetRow>;
  storedKeys(): Promise<string[]>;
  /** Opens the server's queue, so that transactions may enqueue jobs. Nothing runs them. */
  openJobs(): Promise<Jobs>;
  /** What fsck finds wrong. It reads every content unless it is to be quick. */
  problems(options?: { readonly quick?: boolean }): Promise<readonly string[]>;
  close(): Promise<void>;
}

const text: MediaFacts = { mime: "text/plain", kind: "other" };
export const never = new AbortController().signal;

/** Opens the real database, store and spool in a temporary folder, with two accounts. */
export async function openUploadFixture(engine: Pick<TestEngine, "prepare"> = sqliteEngine): Promise<UploadFixture> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-upload-"));
  const place = await engine.prepare();
  const config = resolveConfig({ ...place.settings, dataDir: folder, port: 0 });
  const parts = await openParts(config, {
    late: true,
    open: openTestDatabase,
    processes: openTestProcesses(config.limits),
  });
  const fixture: UploadFixture = {
    parts,
    config,
    principal: await addAccount(parts, "demo"),
    stranger: await addAccount(parts, "stranger"),
    time: Date.now(),
    services: { ...parts, config, now: () => fixture.time },
    async upload(content, fields = {}, principal = fixture.principal, session, media = text) {
      const file = parts.spool.create();
      try {
        await file.write(Buffer.from(content));
        const spooled = await file.finish();
        const request = validate(new Map(Object.entries({ fileName: "a.txt", useUniqueFileName: "false", ...fields })));
        const { customMetadata } = await resolveCustomMetadata(fieldsOnce(parts.customFields), principal, request);
        return await commit(fixture.services, { principal, request, media, spooled, customMetadata, session }, never);
      } finally {
        await file.discard();
      }
    },
    async storedKeys() {
      const keys: string[] = [];
      for await (const { key } of parts.blobs.list()) keys.push(key);
      return keys;
    },
    async openJobs() {
      // Few tests need all the modules that do jobs.
      const { openJobs } = await import("../app/open-jobs.ts");
      return openJobs({ ...fixture.services, logger: createLogger("silent") });
    },
    async problems({ quick = false } = {}) {
      return (await checkConsistency(parts, { deep: !quick }, never)).problems;
    },
    async close() {
      await parts.close();
      await place.drop();
      await rm(folder, { recursive: true });
    },
  };
  return fixture;
}

async function addAccount({ database }: Parts, imagekitId: string): Promise<Principal> {
  const pair = { publicKey: `public_${imagekitId}`, privateKey: `private_${imagekitId}` };
  await database.run(createAccount, { imagekitId, pair, now: Date.now() });
  const row = await findKeyPair(database.reader, { public_key: pair.publicKey });
  if (row === undefined) throw new Error("no account was made");
  const viewer = viewerOf("key", row.account_id, "full");
  return { accountId: row.account_id, imagekitId, viewer, key: { id: row.id, role: "full", mayOverwrite: true } };
}
