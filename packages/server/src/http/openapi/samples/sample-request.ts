import type { Operation } from "@sluice/protocol/schemas";
import type { JsonSchema } from "../json-schema.ts";
import type { RecordedExample } from "../recorded-examples.ts";
import type { SampleText } from "./sample-text.ts";

/** The address of a server as it starts without settings. The page of the reference puts its own in its place. */
export const sampleOrigin = "http://127.0.0.1:3000";

/** The file that uploads send, in the folder in which the sample runs. */
export const sampleFile = "balloon.jpg";

/** The example of an operation as a request that any language can spell. */
export interface SampleRequest extends Pick<SampleDetails, "bytes" | "shows" | "savedAs"> {
  readonly method: Operation["method"];
  readonly url: SampleText;
  readonly query: Readonly<Record<string, SampleText>>;
  readonly headers: Readonly<Record<string, SampleText>>;
  /** Whether Basic authentication with the private key is sent. */
  readonly withKey: boolean;
  readonly json?: unknown;
  /** The fields of a form beside its file. */
  readonly form?: Readonly<Record<string, SampleText>>;
  /** The kind of the answer's body. An answer may have a body or none, by its status. */
  readonly answer: "json" | "json or none" | "none" | "other";
}

/** @param token has an upload authorised by its token rather than by the private key */
export function sampleRequest(
  operation: Operation,
  { request }: Partial<RecordedExample>,
  { token = false } = {},
): SampleRequest {
  const { id, method, path, access, form } = operation;
  const details = sampleDetails[id] ?? {};
  const { query = {}, headers = {}, path: inPath = {}, ...others } = details;
  const filled = path
    .replace(/\*$/, ":path")
    .replaceAll(/:(\w+)/g, (_, name: string) => inPath[name] ?? `‹${variableOf(name)}›`);
  return {
    ...others,
    method,
    url: sampleOrigin + filled,
    query,
    headers,
    withKey: access.credentials.includes("privateKey") && !token,
    ...(operation.body !== undefined && request !== undefined && { json: withVariables(request) }),
    ...(form !== undefined && { form: { ...fieldsOf(request), ...(token && { token: "‹TOKEN›" }) } }),
    answer: answerOf(operation),
  };
}

function answerOf({ answers, alsoAsPage }: Operation): SampleRequest["answer"] {
  const successes = Object.entries(answers).filter(([status]) => Number(status) < 300);
  const bodies = successes.map(([, schema]) => schema as JsonSchema | null);
  if (alsoAsPage || bodies.some((schema) => schema !== null && "contentMediaType" in schema)) return "other";
  if (bodies.every((schema) => schema === null)) return "none";
  return bodies.every((schema) => schema !== null) ? "json" : "json or none";
}

/** The name of the environment variable for a parameter or a member: FILE_ID for `fileId` and for `fileIds`. */
function variableOf(name: string): string {
  return name.replace(/s$/, "").replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

/** The made-up values of an example give way to variables. Everything else is sent as it is. */
function withVariables(example: unknown, member = ""): unknown {
  if (Array.isArray(example)) return example.map((value) => withVariables(value, member));
  if (typeof example === "object" && example !== null) {
    return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, withVariables(value, name)]));
  }
  if (typeof example !== "string") return example;
  if (example === "‹token›" || madeUpId.test(example)) return `‹${variableOf(member)}›`;
  return example.replace("https://media.example", sampleOrigin);
}

const madeUpId = /^(?:[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The fields of a form as they are sent: lists of texts with commas, other lists and objects as JSON. */
function fieldsOf(request: unknown): Readonly<Record<string, SampleText>> {
  const { file: _, ...fields } = Object(request) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fieldOf(value)]));
}

function fieldOf(value: unknown): string {
  if (typeof value === "string") return value;
  const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
  return isList ? value.join(",") : JSON.stringify(value);
}

/** The parts of a code sample that the example of its operation does not have. */
interface SampleDetails {
  readonly path?: Readonly<Record<string, SampleText>>;
  readonly query?: Readonly<Record<string, SampleText>>;
  readonly headers?: Readonly<Record<string, SampleText>>;
  /** A body that is neither JSON nor a form. */
  readonly bytes?: string;
  /** A header of the answer that the sample shows. */
  readonly shows?: string;
  /** The name of the file that the answer is saved as. */
  readonly savedAs?: string;
}

const tus = { "Tus-Resumable": "1.0.0" };
const octets = { ...tus, "Content-Type": "application/offset+octet-stream" };
const days = { startDate: "2026-01-01", endDate: "2026-01-31" };

/** The details by the id of the operation. Most samples have none. */
const sampleDetails: Readonly<Record<string, SampleDetails>> = {
  "create-resumable-upload": {
    headers: { ...tus, "Upload-Length": "10", "Upload-Metadata": `fileName ${btoa("pieces.txt")}` },
    shows: "location",
  },
  "send-piece": { headers: { ...octets, "Upload-Offset": "0" }, bytes: "hello", shows: "upload-offset" },
  "call-resumable-upload": {
    headers: { ...octets, "Upload-Offset": "5", "X-HTTP-Method-Override": "PATCH" },
    bytes: "world",
    shows: "upload-offset",
  },
  "delete-resumable-upload": { headers: tus },
  "list-and-search-assets": { query: { searchQuery: 'tags IN ["balloon"]', limit: "10" } },
  "list-marks": { query: { path: "/", sort: "ASC_NAME" } },
  "list-tags": { query: { beginning: "ba" } },
  "get-metadata-from-url": { query: { url: "‹FILE_URL›" } },
  "get-usage": { query: days },
  "get-usage-analytics": { query: days },
  "get-daily-usage": { query: days },
  "get-trashed-thumbnail": { query: { side: "160" }, savedAs: "thumbnail.jpg" },
  "deliver-file": { path: { imagekitId: "demo", path: "balloon.jpg" }, query: { tr: "w-300" }, savedAs: "small.jpg" },
};

/** The operations without a code sample, each with the reason. */
export const withoutSamples: Readonly<Record<string, string>> = {
  "download-zip": "its URL is in the answer of create-zip-download, as a whole",
  "open-preview": "its URL is in the answer of make-previews, as a whole",
  "get-extension-content": "its URL is in the request to an extension's endpoint, as a whole",
  "sign-in-to-console": "for pages of the console",
  "get-console-session": "for pages of the console",
  "sign-out-of-console": "for pages of the console",
  "mint-console-token": "for pages of the console",
  "mint-demo-token": "for the demo page",
};
