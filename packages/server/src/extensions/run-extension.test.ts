import { SluiceError } from "@sluice/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { viewerOfServer } from "../access/viewer.ts";
import { DatabaseError, type Transaction } from "../database/database.ts";
import type { AssetRow } from "../database/repositories/assets.ts";
import { findAssetVersion, findCurrentAsset } from "../database/repositories/assets.ts";
import { findExtensionRun } from "../database/repositories/extension-runs.ts";
import { listWebhookAttempts } from "../database/repositories/webhooks.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { MediaError } from "../media/media-error.ts";
import { RemoteError } from "../network/remote-error.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { newId } from "../text/id.ts";
import { noScanner } from "../virus-scan/virus-scanner.ts";
import { awaitExtensions } from "./await-extensions.ts";
import { applyExtension } from "./end-transaction.ts";
import { changeFileDetails } from "./file-patch/patch-file.ts";
import { expireExtensions } from "./jobs.ts";
import { ExtensionFailure, type ExtensionProvider, type ExtensionResult } from "./provider.ts";
import { runExtension, runExtensionJob } from "./run-extension.ts";
import type { NewExtensionRun } from "./start-runs.ts";
import { fixedProviders } from "./testing/fixed-providers.ts";

let fixture: UploadFixture;
beforeAll(async () => {
  fixture = await openUploadFixture();
});
afterAll(() => fixture.close());

const log = vi.fn();

type Does = ExtensionResult | Error | ((signal: AbortSignal) => Promise<ExtensionResult>);

function servicesWith(does: Does, name = "google-auto-tagging") {
  const provider: ExtensionProvider = {
    async run(_task, use, signal) {
      if (does instanceof Error) throw does;
      return use(typeof does === "function" ? await does(signal) : does);
    },
  };
  return { ...fixture.services, extensions: fixedProviders({ [name]: provider }), logger: { warn: log } };
}

async function newRun(name = "google-auto-tagging", fields: Record<string, string> = {}) {
  const asset = await fixture.upload(newId(), { fileName: `${newId()}.txt`, ...fields });
  const run: NewExtensionRun = {
    id: newId(),
    extension: { name, options: {} },
    afterSeconds: 60,
    webhookUrl: null,
    publicUrl: "https://files.example",
    imagekitId: "demo",
  };
  const target = { accountId: asset.account_id, fileId: asset.file_id, now: fixture.time };
  await fixture.services.database.run(changeFileDetails, { ...target, details: {}, extensions: [run] });
  return { asset, run, ofAsset: { ...run, accountId: asset.account_id, fileId: asset.file_id, versionId: asset.id } };
}

const now = (asset: AssetRow) =>
  findCurrentAsset(fixture.services.database.reader, viewerOfServer(asset.account_id), asset.file_id);
const isOpen = async (id: string) => (await findExtensionRun(fixture.services.database.reader, id)) !== undefined;
const answered = { awaited: true, final: false };

async function spooled(content: string | Buffer) {
  const file = fixture.parts.spool.create();
  await file.write(Buffer.from(content));
  return { file: await file.finish(), head: Buffer.from(content) };
}

test("a result that comes in time is in the answer, the highest confidence first", async () => {
  const { asset, run } = await newRun();
  const aiTags = [
    { name: "Cat", confidence: 70.5 },
    { name: "Dog", confidence: 99 },
  ];
  const plan = { names: ["google-auto-tagging", "remove-bg"], runs: [run] };
  const answer = await awaitExtensions(servicesWith({ aiTags }), plan, asset, never);
  expect(answer.extensionStatus).toEqual({ "google-auto-tagging": "success", "remove-bg": "failed" });
  expect(JSON.parse(answer.asset.ai_tags ?? "")).toEqual([
    { name: "Dog", confidence: 99, source: "google-auto-tagging" },
    { name: "Cat", confidence: 70.5, source: "google-auto-tagging" },
  ]);
  expect(await isOpen(run.id)).toBe(false);
});

test("what is stored is answered for, also when the database can't be read any more", async () => {
  const { asset, run } = await newRun();
  const services = servicesWith({ addTags: ["a"] });
  let applied = false;
  const database: typeof services.database = {
    ...services.database,
    get reader() {
      if (applied) throw new DatabaseError("The database can't be read.");
      return services.database.reader;
    },
    run: (script: Transaction<unknown, never>, input: unknown) =>
      services.database.run(script, input).finally(() => {
        applied = script === applyExtension;
      }),
  };
  const plan = { names: [run.extension.name], runs: [run] };
  const answer = await awaitExtensions({ ...services, database }, plan, asset, never);
  expect(answer).toEqual({ asset, extensionStatus: { "google-auto-tagging": "success" } });
  expect((await now(asset))?.tags).toBe('["a"]');
});

test("one that takes too long stays pending, and its job does it", async () => {
  const { asset, run } = await newRun();
  const hangs = (signal: AbortSignal) =>
    new Promise<ExtensionResult>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const services = servicesWith(hangs);
  const limits = { ...services.config.limits, extensionWaitMs: 20 };
  const impatient = { ...services, config: { ...services.config, limits } };
  const plan = { names: [run.extension.name], runs: [run] };
  const { extensionStatus } = await awaitExtensions(impatient, plan, asset, never);
  expect(extensionStatus).toEqual({ "google-auto-tagging": "pending" });
  await runExtensionJob(servicesWith({ description: "late" }), run.id, false, never);
  expect((await now(asset))?.description).toBe("late");
});

test("a result that comes twice is applied once", async () => {
  const { asset, ofAsset } = await newRun();
  const services = servicesWith({ addTags: ["a"] });
  expect(await runExtension(services, ofAsset, answered, never)).toBe("success");
  const { accountId, fileId } = ofAsset;
  const target = { accountId, fileId, now: fixture.time, details: { tags: null } };
  await fixture.services.database.run(changeFileDetails, target);
  expect(await runExtension(services, ofAsset, answered, never)).toBeUndefined();
  expect((await now(asset))?.tags).toBeNull();
});

test("tags are added and removed, and what others have found stays", async () => {
  const { asset, ofAsset } = await newRun("ai-tasks", { tags: "a,b" });
  await runExtension(servicesWith({ addTags: ["c", "a"], removeTags: ["b"] }, "ai-tasks"), ofAsset, answered, never);
  expect((await now(asset))?.tags).toBe('["a","c"]');
});

test("a failure for good ends the run, any other one is tried again until the last attempt", async () => {
  const { ofAsset } = await newRun();
  const down = servicesWith(new Error("down"));
  await expect(runExtension(down, ofAsset, { awaited: false, final: false }, never)).rejects.toThrow("down");
  expect(await isOpen(ofAsset.id)).toBe(true);
  expect(await runExtension(down, ofAsset, { awaited: false, final: true }, never)).toBe("failed");
  expect(await isOpen(ofAsset.id)).toBe(false);
  const other = (await newRun()).ofAsset;
  const refused = servicesWith(new ExtensionFailure("NO", "It can't be done."));
  log.mockClear();
  expect(await runExtension(refused, other, answered, never)).toBe("failed");
  // A client that asked without a webhookUrl isn't told the reason, but the operator is.
  const line = { id: other.id, extension: other.extension.name, reason: "NO" };
  expect(log.mock.calls).toEqual([[expect.objectContaining(line), "an extension has failed"]]);
});

test.each([
  [new RemoteError("Its server refused the connection."), /often it was asked\. The last time: Its server refused the/],
  [new MediaError("ELIMIT", "The image has too many pixels"), /The last time: The image has too many pixels$/],
  // Other errors may name a path or a table of this server.
  [new Error("ENOENT: /srv/secret"), /could not do it, however often it was asked\.$/],
])("a provider that failed to the last tells why, as far as that may be told: %s", async (error, message) => {
  const { ofAsset } = await newRun();
  log.mockClear();
  expect(await runExtension(servicesWith(error), ofAsset, { awaited: false, final: true }, never)).toBe("failed");
  const told = { reason: "PROVIDER_FAILED", message: expect.stringMatching(message) };
  const line = { reason: told.reason, error: told.message, cause: `${error.name}: ${error.message}` };
  expect(log.mock.calls).toEqual([[expect.objectContaining(line), "an extension has failed"]]);
  const attempts = await listWebhookAttempts(fixture.services.database.reader, { accountId: ofAsset.accountId }, 1000);
  const ends = attempts.map(({ extension_end }) => JSON.parse(extension_end ?? "{}"));
  expect(ends.filter(({ fileId }) => fileId === ofAsset.fileId)).toMatchObject([{ status: "FAILURE", error: told }]);
});

test("an extension that nobody does has failed, and the log says why", async () => {
  const { asset } = await newRun();
  log.mockClear();
  const { extensionStatus } = await awaitExtensions(servicesWith({}), { names: ["remove-bg"], runs: [] }, asset, never);
  expect(extensionStatus).toEqual({ "remove-bg": "failed" });
  const line = { versionId: asset.id, extension: "remove-bg", reason: "NO_PROVIDER" };
  expect(log.mock.calls).toEqual([[line, "an extension has failed"]]);
});

test("custom metadata that the account has no field for is a failure", async () => {
  const { asset, ofAsset } = await newRun();
  const services = servicesWith({ customMetadata: { nothing: 1 } });
  expect(await runExtension(services, ofAsset, answered, never)).toBe("failed");
  expect((await now(asset))?.custom_metadata).toBeNull();
});

test("a new version is the file's current one, and what was said of the file still holds", async () => {
  const { asset, ofAsset } = await newRun("remove-bg", { tags: "a", description: "kept" });
  const version = await spooled("without its background");
  expect(await runExtension(servicesWith({ version }, "remove-bg"), ofAsset, answered, never)).toBe("success");
  const current = await now(asset);
  expect(current).toMatchObject({ number: 2, tags: '["a"]', description: "kept", size: 22 });
  expect(current?.id).not.toBe(asset.id);
  const { reader } = fixture.services.database;
  expect(await findAssetVersion(reader, viewerOfServer(asset.account_id), asset.file_id, asset.id)).toBeDefined();
});

test("a new version says of its bytes what they say of themselves, and not what those before it said", async () => {
  const { asset, ofAsset } = await newRun("remove-bg");
  const blank = sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } });
  const described = await blank
    .withExif({ IFD0: { Artist: "Somebody" } })
    .jpeg()
    .toBuffer();
  for (const [bytes, expected] of [
    [described, expect.stringContaining("Somebody")],
    ["nothing to say", null],
  ] as const) {
    const { id } = (await now(asset)) ?? asset;
    const run = { ...ofAsset, id: newId(), versionId: id };
    const target = { accountId: asset.account_id, fileId: asset.file_id, now: fixture.time };
    await fixture.services.database.run(changeFileDetails, { ...target, details: {}, extensions: [run] });
    const services = servicesWith({ version: await spooled(bytes) }, "remove-bg");
    expect(await runExtension(services, run, answered, never)).toBe("success");
    expect((await now(asset))?.embedded_metadata).toEqual(expected);
  }
});

test("a new version does not take the place of one that was uploaded meanwhile", async () => {
  const { asset, ofAsset } = await newRun("remove-bg");
  const newer = await fixture.upload("newer", { fileName: asset.name });
  const keys = await fixture.storedKeys();
  const services = servicesWith({ version: await spooled("made of the older one") }, "remove-bg");
  expect(await runExtension(services, ofAsset, answered, never)).toBe("failed");
  expect((await now(asset))?.id).toBe(newer.id);
  expect(await fixture.storedKeys()).toEqual(keys);
});

test("a new version that is infected ends its extension, and one that nobody could scan is made again", async () => {
  const { asset, ofAsset } = await newRun("remove-bg");
  const keys = await fixture.storedKeys();
  const run = async (scan: () => Promise<void>) => {
    const services = servicesWith({ version: await spooled("made") }, "remove-bg");
    return runExtension({ ...services, scanner: { ...noScanner, scan } }, ofAsset, answered, never);
  };
  const down = new SluiceError("SCANNER_UNAVAILABLE");
  await expect(run(() => Promise.reject(down))).rejects.toBe(down);
  expect(await isOpen(ofAsset.id)).toBe(true);
  expect(await run(() => Promise.reject(new SluiceError("FILE_INFECTED", { signature: "Own" })))).toBe("failed");
  expect((await now(asset))?.id).toBe(asset.id);
  expect(await fixture.storedKeys()).toEqual(keys);
});

test("when the answer to the commit of a new version is lost, what is there decides", async () => {
  const { asset, ofAsset } = await newRun("remove-bg");
  const services = servicesWith({ version: await spooled("made once") }, "remove-bg");
  const database: typeof services.database = {
    ...services.database,
    run: (script: Transaction<unknown, never>, input: unknown) =>
      services.database.run(script, input).finally(() => {
        if (script === applyExtension) throw new DatabaseError("The connection was lost.");
      }),
  };
  expect(await runExtension({ ...services, database }, ofAsset, answered, never)).toBe("success");
  expect((await now(asset))?.number).toBe(2);
  expect(await isOpen(ofAsset.id)).toBe(false);
});

test("content that waited too long for its row is deleted, and its extension is tried again", async () => {
  const { asset, ofAsset } = await newRun("remove-bg");
  const keys = await fixture.storedKeys();
  const services = servicesWith({ version: await spooled("made late") }, "remove-bg");
  const { blobs } = services;
  const slow: Partial<typeof blobs> = {
    async put(...args) {
      await blobs.put(...args);
      fixture.time += fixture.config.limits.sweepGraceMs;
    },
    delete: blobs.delete.bind(blobs),
  };
  const failure = { reason: "STORAGE_UNAVAILABLE" };
  await expect(
    runExtension({ ...services, blobs: slow as typeof blobs }, ofAsset, answered, never),
  ).rejects.toMatchObject(failure);
  expect(await fixture.storedKeys()).toEqual(keys);
  expect((await now(asset))?.number).toBe(1);
  expect(await isOpen(ofAsset.id)).toBe(true);
});

test("a new version counts for what the account may store", async () => {
  const { asset, ofAsset } = await newRun("remove-bg");
  const services = servicesWith({ version: await spooled("x".repeat(1000)) }, "remove-bg");
  const limits = { ...services.config.limits, storageBytes: 900 };
  const limited = { ...services, config: { ...services.config, limits } };
  expect(await runExtension(limited, ofAsset, answered, never)).toBe("failed");
  expect((await now(asset))?.id).toBe(asset.id);
});

test("what nobody does any more ends after a day", async () => {
  const { ofAsset } = await newRun();
  const later = (hours: number) => ({ ...servicesWith({}), now: () => fixture.time + hours * 3_600_000 });
  await expireExtensions(later(23), never);
  expect(await isOpen(ofAsset.id)).toBe(true);
  expect(await expireExtensions(later(25), never)).toBeGreaterThan(0);
  expect(await isOpen(ofAsset.id)).toBe(false);
});

test("with its file a run ends without a word", async () => {
  const { asset, ofAsset } = await newRun();
  const { account_id: accountId, file_id: fileId } = asset;
  await fixture.services.database.run(removeFileTransaction, { accountId, fileId });
  expect(await runExtension(servicesWith({ addTags: ["a"] }), ofAsset, answered, never)).toBeUndefined();
  expect(await isOpen(ofAsset.id)).toBe(false);
});
