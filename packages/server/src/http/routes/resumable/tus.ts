import type { IncomingHttpHeaders } from "node:http";
import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import { checksumAlgorithms } from "../../../upload/resumable/checksum.ts";
import type { SessionRequest } from "../../../upload/resumable/session-request.ts";
import { uploadHeaders } from "../../plugins/cors.ts";

/** A header that a client has sent twice is one list, as HTTP has it. */
export function joinedHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}

/*
 * The rules of tus 1.0.0 (https://tus.io/protocols/resumable-upload). The protocol's sentences stand, in our words,
 * beside the code that obeys them. docs/protocol/resumable.md §11 lists what is different here.
 */

export const tusVersion = "1.0.0";

export type TusMethod = "DELETE" | "HEAD" | "PATCH" | "POST";

/** The type of a request's bytes. */
export const pieceType = "application/offset+octet-stream";

const extensions = [
  "creation",
  "creation-with-upload",
  "creation-defer-length",
  "termination",
  "expiration",
  "checksum",
] as const;

/** The headers of the protocol that pages of other origins may read. */
const exposed = [
  "Location",
  "Tus-Checksum-Algorithm",
  "Tus-Extension",
  "Tus-Max-Size",
  "Tus-Resumable",
  "Tus-Version",
  "Upload-Defer-Length",
  "Upload-Expires",
  "Upload-Length",
  "Upload-Metadata",
  "Upload-Offset",
];

const headersOfAllAnswers = {
  ...uploadHeaders,
  "access-control-expose-headers": [uploadHeaders["access-control-expose-headers"], ...exposed].join(", "),
  // The answer to a HEAD request MUST NOT be cached.
  "cache-control": "no-store",
  // The URL is a credential.
  "referrer-policy": "no-referrer",
  // Every answer MUST have Tus-Resumable with the server's version.
  "tus-resumable": tusVersion,
};

/** Sends what every answer of the protocol has, refusals included. No cookies are used, so any origin is right. */
export function sendTusHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(headersOfAllAnswers);
    done();
  });
}

interface HeaderRule {
  readonly header: string;
  /** The only method with which the header is looked at. */
  readonly method?: TusMethod;
  readonly allows: (value: string) => boolean;
  readonly problem: string;
}

const contentTypeRule: HeaderRule = {
  // PATCH MUST have this type. Clients set a type by themselves with other methods.
  header: "Content-Type",
  method: "PATCH",
  allows: (value) => value === pieceType,
  problem: `Send the bytes as ${pieceType}.`,
};

/** Of several bad headers, the first of this table is told. */
const headerRules: readonly HeaderRule[] = [
  contentTypeRule,
  {
    // The value MUST be "partial", or "final;" with the URLs of the parts.
    header: "Upload-Concat",
    allows: (value) => value === "partial" || value.startsWith("final;"),
    problem: "This server does not offer concatenation.",
  },
  {
    // The value MUST be 1. A client that knows the length MUST leave the header out.
    header: "Upload-Defer-Length",
    allows: (value) => value === "1",
    problem: "It can only be 1.",
  },
  // Lengths and offsets MUST be integers that are not negative.
  { header: "Upload-Length", allows: isNumberOfBytes, problem: "It must be a number of bytes." },
  { header: "Upload-Offset", allows: isNumberOfBytes, problem: "It must be a number of bytes." },
];

function isNumberOfBytes(value: string): boolean {
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 && String(number) === value;
}

/**
 * A request MUST have Tus-Resumable with a version that the server knows. Otherwise the server MUST answer 412 with
 * Tus-Version, and MUST NOT do what is asked.
 * @throws SluiceError TUS_VERSION_UNSUPPORTED
 */
export function assertVersion(headers: IncomingHttpHeaders): void {
  if (headers["tus-resumable"] !== tusVersion) throw new SluiceError("TUS_VERSION_UNSUPPORTED");
}

/** The protocol's headers of an answer to OPTIONS. It MUST have Tus-Version, and MAY have the others. */
export function describeTus(maxBytes: number): Readonly<Record<string, string>> {
  return {
    "tus-extension": extensions.join(","),
    ...(Number.isSafeInteger(maxBytes) && { "tus-max-size": String(maxBytes) }),
    "tus-version": tusVersion,
    "tus-checksum-algorithm": checksumAlgorithms,
  };
}

interface TusAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Has a session do the work of a request, in the order in which the rules ask for it. The caller gives the session back
 * before it answers.
 * @throws SluiceError for a request that breaks the rules; whatever the work throws
 */
export async function serveTus(
  method: TusMethod,
  headers: IncomingHttpHeaders,
  session: SessionRequest,
): Promise<TusAnswer> {
  for (const rule of headerRules) {
    const value = headerOf(headers, rule.header);
    const isLookedAt = value !== undefined && (rule.method ?? method) === method;
    if (isLookedAt && !rule.allows(value)) throw invalid(rule.header, rule.problem);
  }
  const { status, serve } = methods[method];
  return { status, headers: await serve(headers, session) };
}

type AnswerHeaders = TusAnswer["headers"];

/** The statuses MUST be these. */
const methods: Record<
  TusMethod,
  { status: number; serve: (headers: IncomingHttpHeaders, session: SessionRequest) => Promise<AnswerHeaders> }
> = {
  POST: { status: 201, serve: create },
  HEAD: { status: 200, serve: tellOffset },
  PATCH: { status: 204, serve: append },
  DELETE: { status: 204, serve: terminate },
};

/** "creation", with "creation-with-upload" and "creation-defer-length". The caller tells the address and the offset. */
async function create(headers: IncomingHttpHeaders, session: SessionRequest): Promise<AnswerHeaders> {
  if (headerOf(headers, "Upload-Concat") !== undefined) {
    throw new SluiceError("TUS_EXTENSION_UNSUPPORTED", {
      extension: "a concatenation of uploads (Upload-Concat)",
      instead: "Send the file as one upload: in tus-js-client, leave parallelUploads at 1.",
    });
  }
  // A creation MUST have one of the two headers, and not both.
  const length = headerOf(headers, "Upload-Length");
  if ((length === undefined) === (headerOf(headers, "Upload-Defer-Length") === undefined)) throw invalidLength();
  await session.create(length === undefined ? undefined : safeLength(length));
  // Without this type, a creation has no bytes of the file.
  if (headers["content-type"] === pieceType) {
    assertWithin(headers, 0, length === undefined ? undefined : Number(length));
    await session.write();
  }
  await session.unlock();
  const created = await session.look();
  // The answer MUST tell when an upload expires that is not complete.
  return created.offset === created.length ? {} : expiryOf(created);
}

/** HEAD: how a client that was cut off learns where to go on. */
async function tellOffset(_headers: IncomingHttpHeaders, session: SessionRequest): Promise<AnswerHeaders> {
  const seen = await lookAtHeld(session);
  const { length, offset } = seen;
  const { metadata } = session.session;
  return {
    // The answer MUST have Upload-Length where the length is known, and else Upload-Defer-Length.
    ...(length === undefined ? { "upload-defer-length": "1" } : { "upload-length": String(length) }),
    // It MUST have Upload-Offset, for an offset of 0 too.
    "upload-offset": String(offset),
    // It MUST have Upload-Metadata as the client sent it.
    ...(metadata !== "" && { "upload-metadata": metadata }),
    ...expiryOf(seen),
  };
}

/** PATCH: adds the request's bytes at the offset. */
async function append(headers: IncomingHttpHeaders, session: SessionRequest): Promise<AnswerHeaders> {
  const from = headerOf(headers, "Upload-Offset");
  if (from === undefined) throw invalid("Upload-Offset", "Send the number of bytes that the upload has.");
  if (headers["content-type"] === undefined) throw invalid(contentTypeRule.header, contentTypeRule.problem);
  const seen = await lookAtHeld(session);
  // An offset that is not the upload's MUST be answered with 409, and MUST change nothing.
  if (Number(from) !== seen.offset) throw new SluiceError("UPLOAD_OFFSET_WRONG");
  const told = headerOf(headers, "Upload-Length");
  // The length MUST NOT change once it is known. A client that repeats a piece tells the same length again.
  if (told !== undefined) {
    if (Number(told) < seen.offset) throw invalidLength();
    await session.tellLength(safeLength(told));
  }
  const length = told === undefined ? seen.length : Number(told);
  assertWithin(headers, seen.offset, length);
  const offset = await session.write();
  // The answer MUST have the new offset, and the expiry of an upload that is not complete.
  const isComplete = length !== undefined && offset >= length;
  return { ...(!isComplete && expiryOf(seen)), "upload-offset": String(offset) };
}

/** DELETE, "termination". The session MUST be answered with 404 or 410 from then on. */
async function terminate(_headers: IncomingHttpHeaders, session: SessionRequest): Promise<AnswerHeaders> {
  await session.lock();
  await session.remove();
  return {};
}

/** Takes the session for this request. An upload whose time is over is answered with 410, as one that was known. */
async function lookAtHeld(session: SessionRequest) {
  await session.lock();
  const seen = await session.look();
  if (Date.now() > seen.expiresAt) throw new SluiceError("UPLOAD_SESSION_ENDED");
  return seen;
}

/** @throws SluiceError for a request that announces more bytes than the length leaves */
function assertWithin(headers: IncomingHttpHeaders, offset: number, length: number | undefined): void {
  if (offset + Number(headers["content-length"] ?? 0) > (length ?? Number.POSITIVE_INFINITY)) {
    throw new SluiceError("PIECE_BEYOND_LENGTH");
  }
}

/** Upload-Expires MUST be a date of HTTP. */
function expiryOf({ expiresAt }: { readonly expiresAt: number }): AnswerHeaders {
  return { "upload-expires": new Date(expiresAt).toUTCString() };
}

function safeLength(value: string): number {
  const length = Number(value);
  if (Number.isSafeInteger(length)) return length;
  throw invalid("Upload-Length", `The longest is ${Number.MAX_SAFE_INTEGER} bytes.`);
}

function headerOf(headers: IncomingHttpHeaders, header: string): string | undefined {
  const value = headers[header.toLowerCase()];
  return typeof value === "string" ? value : undefined;
}

function invalidLength(): SluiceError {
  return invalid(
    "Upload-Length",
    "Send the length of the whole file in bytes with the creation, or Upload-Defer-Length: 1 there and the length, which is no less than what has come, with a later piece.",
  );
}

function invalid(header: string, problem: string): SluiceError {
  return new SluiceError("TUS_HEADER_INVALID", { header, problem });
}
