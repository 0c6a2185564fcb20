import { createHash } from "node:crypto";
import { expect } from "vitest";
import { deliver, original } from "./deliver.ts";
import { call } from "./media-api.ts";
import { jpeg } from "./samples.ts";
import { keys } from "./server.ts";
import { sign } from "./sign.ts";
import { begin, patch } from "./tus.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "./upload.ts";

/** The promises of a filled library that it does not list. */
export interface Promised {
  readonly used: { readonly token: string; readonly fields: Readonly<Record<string, string>> };
  readonly session: { readonly path: string; readonly rest: Buffer; readonly offset: number; readonly whole: Buffer };
  /** The Authorization header of a key pair that may only read. */
  readonly reader: string;
}

/** Fills a library with one of everything that an account can have. */
export async function fillLibrary(url: string, webhookUrl: string): Promise<Promised> {
  const post = (path: string, body: object) => call(url, "POST", path, { body });
  await made(post("/_sluice/webhooks", { url: webhookUrl }));
  await made(post("/v1/customMetadataFields", { name: "price", label: "Price", schema: { type: "Number" } }));
  await made(post("/v1/named-transformations", { name: "thumb", transformation: "w-20" }));
  const { privateKey } = await made(post("/_sluice/keys", { role: "read" }));
  await made(post("/v1/folder", { folderName: "empty", parentFolderPath: "/holidays" }));

  const picture = await jpeg(40, 30);
  const sea = { fileName: "sea.jpg", folder: "/holidays", useUniqueFileName: "false", tags: "sea,sun" };
  await made(uploadBasic(url, picture, { ...sea, customMetadata: '{"price":59.9}', customCoordinates: "1,2,10,10" }));
  for (const width of [41, 42]) await made(uploadBasic(url, await jpeg(width, 30), sea));
  await made(uploadBasic(url, picture, { fileName: "same-bytes.jpg", folder: "/copies", description: "the same" }));
  await made(uploadBasic(url, "for few", { fileName: "private.txt", isPrivateFile: "true" }));
  await made(uploadBasic(url, "not yet", { fileName: "draft.txt", isPublished: "false" }));
  const { fileId } = await made(uploadBasic(url, "thrown away", { fileName: "trashed.txt", folder: "/holidays" }));
  await made(call(url, "DELETE", `/v1/files/${fileId}?permanent=false`));

  const fields = { fileName: "by token.txt", tags: "once" };
  const token = mint(fields);
  await made(uploadWithToken(url, "by token", fields, token));
  const whole = Buffer.alloc(300_000, "half of it is there, ");
  const offset = 170_001;
  const session = await begin(url, { fileName: "resumed.txt" }, { length: whole.length });
  expect((await patch(session, 0, whole.subarray(0, offset))).status).toBe(204);
  return {
    used: { token, fields },
    session: { path: new URL(session).pathname, rest: whole.subarray(offset), offset, whole },
    reader: `Basic ${Buffer.from(`${privateKey}:`).toString("base64")}`,
  };
}

async function made(answering: Promise<Answer>): Promise<Answer["body"]> {
  const { status, body } = await answering;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}

/** The content of an account's library, by the requests that tell it, with the bytes of each version as a SHA-256. */
export type Description = Readonly<Record<string, unknown>>;

const lists = [
  "/v1/files?limit=1000&sort=ASC_CREATED",
  "/v1/files?limit=1000&type=folder&sort=ASC_NAME",
  "/v1/customMetadataFields",
  "/v1/named-transformations",
  "/v1/accounts/url-endpoints",
  "/v1/accounts/origins",
  "/v1/saved-extensions",
  "/_sluice/keys",
  "/_sluice/webhooks",
  "/_sluice/trash",
];

/** Describes everything that the library has, without the address of the server that tells it. */
export async function describeLibrary(url: string): Promise<Description> {
  const description: Record<string, unknown> = {};
  const tell = async (path: string): Promise<Answer["body"]> => {
    const { status, body } = await call(url, "GET", path);
    expect([path, status]).toEqual([path, 200]);
    description[path] = JSON.parse(JSON.stringify(body, leaveOut).replaceAll(url, ""));
    return body;
  };
  const [files] = [await tell(lists[0] ?? "")];
  for (const list of lists.slice(1)) await tell(list);
  for (const { fileId } of files) {
    await tell(`/v1/files/${fileId}/details`);
    for (const version of await tell(`/v1/files/${fileId}/versions`)) {
      description[version.url.replace(url, "")] = await hashAt(url, version.url);
    }
  }
  return description;
}

/** Members that tell of the requests made meanwhile, and not of the library. */
function leaveOut(name: string, value: unknown): unknown {
  return name === "lastUsedOn" ? undefined : value;
}

async function hashAt(url: string, versionUrl: string): Promise<string> {
  const signed = sign(original(versionUrl), `${url}/demo`, keys.privateKey);
  const { status, bytes } = await deliver(signed);
  return status === 200 ? createHash("sha256").update(bytes).digest("hex") : `status ${status}`;
}
