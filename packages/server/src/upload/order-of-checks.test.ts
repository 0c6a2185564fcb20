import { type ErrorReason, errorCatalogue, SluiceError, wireReasonOf } from "@sluice/protocol";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { setAccount } from "../accounts/account-transactions.ts";
import { basic, openResumableApp, type ResumableApp } from "../http/routes/resumable/testing/resumable-app.ts";
import { MediaError } from "../media/media-error.ts";
import { StorageError } from "../storage/storage-error.ts";
import { sqliteEngine } from "../testing/engines.ts";
import { content, draftOf, sendForm, sendSession, type UploadDraft } from "./testing/upload-drafts.ts";

/*
 * Of two faults, a client is told of the one that an earlier step finds. Each fault is tried together with the next one
 * of its list.
 */

const maxFileSize = 1000;
const imageBytes = 500;
const maxSessions = 2;

let app: ResumableApp;
/** The sessions that a test leaves open. */
const open: string[] = [];

beforeAll(async () => {
  const limits = { imageBytes, resumableSessionsPerKey: maxSessions };
  app = await openResumableApp(sqliteEngine, { maxFileSize, maxVideoSize: maxFileSize, limits });
  const there = draftOf();
  there.fields.fileName = "there.txt";
  expect((await sendForm(app, there, "token first")).statusCode).toBe(200);
});
afterAll(() => app?.close());
afterEach(async () => {
  vi.restoreAllMocks();
  await limitStorage(null);
  for (const path of open.splice(0)) await app.send("DELETE", path);
});

type Spoil = (draft: UploadDraft) => unknown;
/** The step that finds a fault, the reason that it gives, and how an upload comes by the fault. */
type Fault = readonly [step: string, reason: ErrorReason, spoil: Spoil];

const having =
  (changes: Partial<UploadDraft>): Spoil =>
  (draft) =>
    Object.assign(draft, changes);
const sending =
  (fields: Readonly<Record<string, string>>): Spoil =>
  (draft) =>
    Object.assign(draft.fields, fields);
const beforeEnd =
  (happens: () => unknown): Spoil =>
  (draft) =>
    draft.beforeEnd.push(happens);
const busy = () => new SluiceError("SERVER_BUSY");

const limitStorage = (storageLimit: number | null) =>
  app.parts.database.run(setAccount, { imagekitId: "demo", changes: { storageLimit } });
const scannerDown = () =>
  vi.spyOn(app.services.scanner, "assertReady").mockRejectedValue(new SluiceError("SCANNER_UNAVAILABLE"));

const engineBusy: Spoil = (draft) => {
  draft.fields.transformation ??= '{"pre":"w-2"}';
  vi.spyOn(app.services.images, "assertRoom").mockRejectedValue(new MediaError("EBUSY", "busy"));
};
const placesTaken: Spoil = () => {
  vi.spyOn(app.services.admission.authenticated, "tryTake").mockReturnValue(undefined);
  vi.spyOn(app.services.admission.authenticated, "take").mockRejectedValue(busy());
};
const strangersPlacesTaken: Spoil = () => {
  vi.spyOn(app.services.admission.unauthenticated, "enter").mockRejectedValue(busy());
};
const diskFull: Spoil = () => {
  vi.spyOn(app.services.freeSpace, "assert").mockRejectedValue(new StorageError("STORAGE_FULL", "full"));
};
const sessionsOpen: Spoil = async () => {
  while (open.length < maxSessions) open.push(await app.create());
};
const infected = () => {
  const error = new SluiceError("FILE_INFECTED", { signature: "Eicar" });
  vi.spyOn(app.services.scanner, "scan").mockRejectedValue(error);
};
const bytesLost = () => {
  const error = new StorageError("BLOB_MISSING", "gone");
  vi.spyOn(app.services.blobs.partial, "complete").mockRejectedValue(error);
};
/** Storage that is full once the file is stored. With a token, its rest would bound the file while it comes. */
const storageLow: Spoil = (draft) => {
  draft.hasToken = false;
  draft.authorization ??= basic.authorization;
  draft.beforeEnd.push(() => limitStorage(content.length + 1));
};
const tooLargeForPre: Spoil = (draft) => {
  draft.length = imageBytes + 1;
  draft.fields.transformation = '{"pre":"w-2"}';
};
/** A custom metadata field that is there when the session is created, and no more when its bytes have come. */
const fieldDeleted: Spoil = async (draft) => {
  const url = "/v1/customMetadataFields";
  const payload = { name: "shelf", label: "Shelf", schema: { type: "Text" } };
  const created = await app.app.inject({ method: "POST", url, headers: basic, payload });
  draft.fields.customMetadata = '{"shelf":"A"}';
  const remove = { method: "DELETE", url: `${url}/${created.json().id}`, headers: basic } as const;
  draft.beforeEnd.push(() => app.app.inject(remove));
};

const wrongKey: Fault = [
  "the private key",
  "ACCOUNT_NOT_AUTHENTICATED",
  having({ authorization: `Basic ${btoa("private_wrong:")}` }),
];
const wrongType: Fault = ["the form", "CONTENT_TYPE_INVALID", having({ contentType: "text/plain" })];
const forged: Fault = ["the token", "TOKEN_INVALID", having({ isForged: true })];
const used: Fault = ["the token's use", "TOKEN_USED", having({ isUsed: true })];
const noEngine: Fault = ["room to prepare", "SERVER_BUSY", engineBusy];
const noPlace: Fault = ["a place", "SERVER_BUSY", placesTaken];
const noDisk: Fault = ["disk space", "STORAGE_FULL", diskFull];
const noScanner: Fault = ["the scanner", "SCANNER_UNAVAILABLE", scannerDown];
const otherFields: Fault = ["claims so far", "PAYLOAD_MISMATCH", having({ unclaimed: { folder: "/other" } })];
const missingFields: Fault = ["all claims", "PAYLOAD_MISMATCH", having({ unsent: { tags: "a" } })];
const noStorage: Fault = ["storage", "STORAGE_LIMIT_EXCEEDED", () => limitStorage(content.length)];
const failing: Fault = ["checks of the request", "CHECKS_FAILED", sending({ checks: '"request.fileName" = "x"' })];
const largeFile: Fault = ["the file's size", "FILE_TOO_LARGE", having({ file: "x".repeat(2 * maxFileSize) })];

const resolving: readonly Fault[] = [
  ["parameters", "PARAMETER_INVALID", sending({ isPrivateFile: "maybe" })],
  ["the transformation", "TRANSFORMATION_INVALID", sending({ transformation: '{"pre":"n-unknown"}' })],
  ["extensions", "EXTENSION_NAME_INVALID", sending({ extensions: '[{"name":"unknown"}]' })],
  ["custom metadata", "CUSTOM_METADATA_INVALID", sending({ customMetadata: '{"unknown":1}' })],
];
const storing: readonly Fault[] = [
  ["the scan", "FILE_INFECTED", beforeEnd(infected)],
  ["the file's type", "PARAMETER_INVALID", sending({ customCoordinates: "1,2,3,4" })],
  ["pre", "TRANSFORMATION_NOT_FOR_FILE", sending({ transformation: '{"pre":"w-2"}' })],
  ["checks of the file", "CHECKS_FAILED", sending({ checks: '"file.size" > 100' })],
  ["storage for the file", "STORAGE_LIMIT_EXCEEDED", storageLow],
  ["the name", "FILE_ALREADY_EXISTS", sending({ fileName: "there.txt", overwriteFile: "false" })],
];

/** Tries each fault together with the next one, and the last one alone. */
function inOrder(
  name: string,
  send: (draft: UploadDraft) => Promise<LightMyRequestResponse>,
  faults: readonly Fault[],
  { hasToken = true } = {},
): void {
  const pairs = faults.map(([step, reason, spoil], index) => {
    const [next = "nothing", , spoilToo] = faults[index + 1] ?? [];
    return { step, reason, spoil, next, spoilToo };
  });
  describe(name, () => {
    test.each(pairs)("$step before $next: $reason", async ({ reason, spoil, spoilToo }) => {
      const draft = draftOf({ hasToken });
      await spoilToo?.(draft);
      await spoil(draft);
      const { statusCode, body } = await send(draft);
      expect(JSON.parse(body)).toMatchObject({ reason: wireReasonOf(reason) });
      expect(statusCode).toBe(errorCatalogue[reason].status);
    });
  });
}

inOrder("a form with its token first", (draft) => sendForm(app, draft, "token first"), [
  ...[wrongKey, wrongType, forged, noEngine, noPlace, noDisk, noScanner, used, otherFields],
  ...[noStorage, failing, largeFile, missingFields, ...resolving],
  ["the file", "FILE_MISSING", having({ file: "" })],
  ...storing,
]);

inOrder("a form with its token last", (draft) => sendForm(app, draft, "token last"), [
  ["a place among strangers", "SERVER_BUSY", strangersPlacesTaken],
  ...[forged, used, otherFields, missingFields, largeFile, ...resolving.slice(0, 1)],
]);

inOrder(
  "a form beside the private key, with its parameters last",
  (draft) => sendForm(app, draft, "parameters last"),
  [
    ...[wrongKey, noScanner, noPlace, wrongType, noStorage, largeFile],
    ["other credentials", "TOKEN_AND_BASIC_AUTH", having({ unclaimed: { token: "another" } })],
    ...[...resolving, failing],
    ["the download", "FILE_URL_NOT_ALLOWED", having({ file: "http://127.0.0.1:1/" })],
  ],
  { hasToken: false },
);

const session = (draft: UploadDraft) => sendSession(app, draft);

inOrder("the creation of a session", session, [
  ["Upload-Metadata", "PARAMETER_INVALID", having({ metadata: "fileName !" })],
  ...[wrongKey, forged, used, noEngine, noPlace, noScanner, otherFields, noStorage, failing],
  ["the length", "UPLOAD_LENGTH_TOO_LARGE", having({ length: 2 * maxFileSize })],
  ...resolving,
  ["the file", "FILE_MISSING", having({ length: 0 })],
  noDisk,
  ["open sessions", "TOO_MANY_OPEN_UPLOADS", sessionsOpen],
]);

inOrder("the creation of a session whose file is transformed", session, [
  ...resolving.slice(-1),
  ["what pre takes", "FILE_TOO_LARGE_FOR_STEP", tooLargeForPre],
  noDisk,
]);

inOrder("the end of a session", session, [
  ["parameters once more", "CUSTOM_METADATA_INVALID", fieldDeleted],
  ["the scanner", "SCANNER_UNAVAILABLE", beforeEnd(scannerDown)],
  ["the received bytes", "UPLOAD_SESSION_ENDED", beforeEnd(bytesLost)],
  ...storing,
]);
