import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from "fastify";
import { createAccount } from "../../../../accounts/account-transactions.ts";
import { AccountsByKey } from "../../../../accounts/accounts-by-key.ts";
import type { JobServices } from "../../../../app/jobs.ts";
import { type Jobs, openJobs } from "../../../../app/open-jobs.ts";
import { resolveConfig } from "../../../../config/resolve-config.ts";
import type { Settings } from "../../../../config/settings.ts";
import type { Connection } from "../../../../database/connection.ts";
import type { Database } from "../../../../database/database.ts";
import type { AssetRow } from "../../../../database/repositories/assets.ts";
import { settleSearchIndex } from "../../../../database/search-index/settle-index.ts";
import { unsettleHalf } from "../../../../database/search-index/testing/unsettle-half.ts";
import { SealedSecrets } from "../../../../endpoints/origins/sealed-secrets.ts";
import type { EventContext } from "../../../../events/event-context.ts";
import type { NewExtensionRun } from "../../../../extensions/start-runs.ts";
import { fixedProviders } from "../../../../extensions/testing/fixed-providers.ts";
import { CustomFields } from "../../../../library/custom-metadata/custom-fields.ts";
import { type CustomMetadata, writeCustomMetadata } from "../../../../library/custom-metadata/field.ts";
import { NamedTransformations } from "../../../../library/named-transformations/named-transformations.ts";
import { newObjectVersion } from "../../../../library/versions/enter-version.ts";
import type { MediaFacts, PictureFacts } from "../../../../media/inspect/media-facts.ts";
import { openImages } from "../../../../media/testing/open-images.ts";
import { createLogger } from "../../../../observability/logger.ts";
import { createMetrics } from "../../../../observability/metrics.ts";
import { newBlobKey } from "../../../../storage/blob-key.ts";
import { openDiskBlobStore } from "../../../../storage/disk-blob-store.ts";
import type { TestEngine } from "../../../../testing/engines.ts";
import { openTestDatabase } from "../../../../testing/open-test-database.ts";
import { openOtherConnection } from "../../../../testing/other-connection.ts";
import { newId } from "../../../../text/id.ts";
import { validate } from "../../../../upload/resolve/validate.ts";
import { commitUpload } from "../../../../upload/store/commit-transaction.ts";
import { noScanner } from "../../../../virus-scan/virus-scanner.ts";
import { addErrorHandling } from "../../../plugins/errors.ts";
import { addRequestIds, newRequestId } from "../../../plugins/request-id.ts";
import { holdAgainstSchemas } from "../../../testing/held-against-schemas.ts";
import { bulkFilesRoutes } from "../../bulk-files.ts";
import { customMetadataFieldsRoutes } from "../../custom-metadata-fields.ts";
import { filesRoutes } from "../../files.ts";
import { foldersRoutes } from "../../folders.ts";
import { namedTransformationsRoutes } from "../../named-transformations.ts";
import { organiseFilesRoutes } from "../../organise-files.ts";
import { originsRoutes } from "../../origins.ts";
import { purgeRoutes } from "../../purge.ts";
import { trashRoutes } from "../../trash.ts";
import { urlEndpointsRoutes } from "../../url-endpoints.ts";
import { versionsRoutes } from "../../versions.ts";

export const publicUrl = "https://media.example.com";
/** The clock's first time. Every request and every seeded upload advances the clock by a second. */
export const start = Date.UTC(2026, 0, 1);

/** The media API's routes over their own database, with two accounts. */
export interface FilesApp {
  readonly database: Database;
  /** Sends a request as the account `demo`, or as the named account. */
  request(method: Method, url: string, options?: RequestOptions): Promise<LightMyRequestResponse>;
  /** Stores a version as an upload would. */
  upload(upload?: Partial<Upload>): Promise<AssetRow>;
  /** The time of the next request or upload, in Unix milliseconds. */
  now: number;
  /** Works on the database beside the writer, for what no request does or too many would have to. */
  byOtherConnection(work: (other: Connection) => Promise<unknown>): Promise<void>;
  /** Makes about half of the search index's rows as uploads leave them. They stay so where the writer settles none. */
  unsettle(): Promise<void>;
  /** Settles them, on an engine where rows wait for it. */
  settle(): Promise<void>;
  /** From here on changes may put jobs into the queue. Nothing runs the jobs. */
  openQueue(): Promise<void>;
  close(): Promise<void>;
}

type Method = "GET" | "PATCH" | "DELETE" | "PUT" | "POST" | "HEAD";

export interface RequestOptions {
  readonly account?: Account;
  readonly payload?: string | object | Buffer;
  readonly headers?: Record<string, string>;
}

type Account = "demo" | "other";

export interface Upload {
  readonly account: Account;
  readonly media: MediaFacts;
  readonly size: number;
  /** The form's text fields. */
  readonly fields: Readonly<Record<string, string>>;
  readonly customMetadata: CustomMetadata;
  /** The runs of extensions that the upload starts. The queue has to be open. */
  readonly extensions: readonly NewExtensionRun[];
  /** The event context, which says who is told of the upload. */
  readonly events: EventContext;
  readonly now: number;
}

export const picture: PictureFacts = { mime: "image/jpeg", kind: "picture", width: 40, height: 30, hasAlpha: false };
export const text: MediaFacts = { mime: "text/plain", kind: "other" };

/** @param late whether the writer settles rows by itself, at any time from the last change on */
export async function createFilesApp(engine: TestEngine, settings: Settings = {}, late = true): Promise<FilesApp> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-files-"));
  const place = await engine.prepare();
  const config = resolveConfig({ ...place.settings, dataDir: folder });
  const database = await openTestDatabase(config, { late });
  for (const imagekitId of ["demo", "other"]) {
    const pair = { publicKey: `public_test_${imagekitId}`, privateKey: `private_test_${imagekitId}` };
    await database.run(createAccount, { imagekitId, pair, now: start });
  }
  const accounts = await database.reader.selectFrom("accounts").select(["id", "imagekit_id"]).execute();
  const accountIds = new Map(accounts.map(({ id, imagekit_id }) => [imagekit_id, id]));

  const app: FastifyInstance = Fastify({
    genReqId: newRequestId,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
  });
  addRequestIds(app);
  addErrorHandling(app);
  const agree = holdAgainstSchemas(app);
  let jobs: Jobs | undefined;
  const result: FilesApp = {
    database,
    now: start,
    async request(method, url, { account = "demo", payload, headers } = {}) {
      result.now += 1000;
      const authorization = `Basic ${Buffer.from(`private_test_${account}:do_not_set`).toString("base64")}`;
      const response = await app.inject({
        method,
        url,
        headers: { authorization, ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      agree();
      return response;
    },
    async upload({ account = "demo", media = picture, size = 100, fields = {}, ...more } = {}) {
      const { customMetadata, extensions, events, now } = more;
      result.now += 1000;
      const time = now ?? result.now;
      const request = validate(new Map(Object.entries({ fileName: "a.jpg", useUniqueFileName: "false", ...fields })));
      const outcome = await database.run(commitUpload, {
        accountId: accountIds.get(account) ?? "",
        versionId: newId(time),
        objectVersion: newObjectVersion(),
        name: request.fileName,
        request,
        media,
        sha256: crypto.getRandomValues(new Uint8Array(32)),
        size,
        keepsCustomMetadata: customMetadata === undefined,
        ...(customMetadata !== undefined && { customMetadata: writeCustomMetadata(customMetadata) }),
        ...(extensions !== undefined && { extensions }),
        blob: { kind: "fresh", id: newId(time), storageKey: newBlobKey(time), storedAt: time },
        events,
        sweepGraceMs: 60_000,
        madeAt: Date.now(),
        now: time,
      });
      if (outcome.outcome !== "stored") throw new Error(outcome.outcome);
      return outcome.asset;
    },
    byOtherConnection: (work) => byOtherConnection(work),
    unsettle: () => byOtherConnection(unsettleHalf),
    async settle() {
      if (!database.reader.engine.settlesLater) return;
      await byOtherConnection((other) => settleSearchIndex(other, { atMost: 10_000, leftOut: [] }));
    },
    async openQueue() {
      const metrics = createMetrics(() => ({ files: 0, bytes: 0 }), "1");
      jobs = await openJobs({ ...services, config, metrics } as unknown as JobServices);
    },
    async close() {
      await jobs?.close();
      await app.close();
      await images.close();
      await database.close();
      await place.drop();
      await rm(folder, { recursive: true });
    },
  };
  const byOtherConnection = async (work: (other: Connection) => Promise<unknown>) => {
    const other = openOtherConnection({ databaseUrl: place.settings.databaseUrl, dataDir: folder });
    try {
      const { runNow: _ofReader, ...engine } = database.reader.engine;
      await work(Object.assign(other, { engine, announced: new Set<string>() }));
    } finally {
      await other.destroy();
    }
  };
  const accountsByKey = new AccountsByKey(database.reader);
  const namedTransformations = new NamedTransformations(database.reader);
  const images = openImages();
  const services = {
    database,
    accountsByKey,
    namedTransformations,
    customFields: new CustomFields(database.reader),
    sealedSecrets: new SealedSecrets(settings.secretsKey ?? [Buffer.alloc(32, 1).toString("base64")]),
    blobs: await openDiskBlobStore(join(folder, "blobs")),
    config: resolveConfig({ ...settings, dataDir: folder }),
    extensions: fixedProviders(),
    images,
    logger: createLogger("silent"),
    scanner: noScanner,
    now: () => result.now,
    publicUrl: () => publicUrl,
  };
  app.register(filesRoutes(services));
  app.register(organiseFilesRoutes(services));
  app.register(bulkFilesRoutes(services));
  app.register(versionsRoutes(services));
  app.register(foldersRoutes(services));
  app.register(customMetadataFieldsRoutes(services));
  app.register(namedTransformationsRoutes(services));
  app.register(urlEndpointsRoutes(services));
  app.register(originsRoutes(services));
  app.register(purgeRoutes(services));
  app.register(trashRoutes(services));
  await app.ready();
  return result;
}

/** The status, `message` and `reason` of an error response. */
export function refusal(response: LightMyRequestResponse): [status: number, message: string, reason: string] {
  const { message, reason } = response.json<{ message: string; reason: string }>();
  return [response.statusCode, message, reason];
}

export const unknownId = "0123456789abcdef01234567";
