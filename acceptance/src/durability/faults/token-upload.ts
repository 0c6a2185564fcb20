import { filePart, textPart, textParts } from "../../harness/multipart.ts";
import { mint, post } from "../../harness/upload.ts";

/** One upload with its own token, and its fate so far. */
export interface TokenUpload {
  readonly fields: Readonly<Record<string, string>>;
  readonly content: Buffer;
  readonly token: string;
  /** Every answer with 200: the node that gave it, and the URL in the answer. */
  readonly acceptances: { readonly node: number; readonly url: string }[];
  /** Whether an answer has said, or implied, that the token is used up. */
  isBurnt: boolean;
  /** Whether an answer, or its absence, has left open if the token is used up and if the upload is stored. */
  isUnclear: boolean;
}

/** One request and what its client saw. Times are milliseconds of `performance.now()`. */
export interface Presentation {
  readonly node: number;
  readonly sentAt: number;
  readonly endedAt: number;
  /** `acknowledged`, the reason of a refusal, or what happened to the connection. */
  readonly kind: string;
  /** A result that no client should ever see; undefined when all is well. */
  readonly offence: string | undefined;
}

/** The client's timeout, which is longer than any answer may take. */
const patienceMs = 60_000;

/** The answers that a fault may cause, and whether each leaves open what has happened. */
const kinds: Readonly<Record<string, { readonly unclear: boolean }>> = {
  STORAGE_UNAVAILABLE: { unclear: false },
  STORAGE_FULL: { unclear: false },
  SERVER_BUSY: { unclear: false },
  OUTCOME_UNKNOWN: { unclear: true },
};

export function newTokenUpload(fields: Readonly<Record<string, string>>, content: Buffer): TokenUpload {
  const token = mint(fields, { expiresIn: 3000 });
  return { fields, content, token, acceptances: [], isBurnt: false, isUnclear: false };
}

/** Sends the upload to a node, and records in `upload` what the answer says about it. */
export async function present(upload: TokenUpload, node: number, url: string): Promise<Presentation> {
  const sentAt = performance.now();
  const { kind, offence } = await attempt(upload, node, url);
  return { node, sentAt, endedAt: performance.now(), kind, offence };
}

async function attempt(upload: TokenUpload, node: number, url: string): Promise<{ kind: string; offence?: string }> {
  const { fields, content, token } = upload;
  const [file, signed] = [filePart(content), textPart("token", token)];
  // Both orders occur. With the token first, the token is burnt before the file has arrived.
  const parts = content.length % 2 === 0 ? [signed, ...textParts(fields), file] : [file, ...textParts(fields), signed];
  const answer = await post(url, parts, { signal: AbortSignal.timeout(patienceMs) }).catch((error: unknown) => error);
  if (answer instanceof Error) {
    const kind = describe(answer);
    if (kind !== "unreachable") upload.isUnclear = true;
    return kind === "hung" ? { kind, offence: "no answer in time" } : { kind };
  }
  const { status, headers, body } = answer as Awaited<ReturnType<typeof post>>;
  if (status === 200) {
    const offence = upload.isBurnt ? "accepted although its token was used up" : undefined;
    upload.acceptances.push({ node, url: body.url });
    upload.isBurnt = true;
    return { kind: "acknowledged", ...(offence && { offence }) };
  }
  if (status === 400 && body.reason === "TOKEN_USED") {
    const offence = upload.isBurnt || upload.isUnclear ? undefined : "used up, though no answer has said so";
    upload.isBurnt = true;
    return { kind: "TOKEN_USED", ...(offence && { offence }) };
  }
  const known = status === 503 ? kinds[body.reason] : undefined;
  if (known === undefined)
    return { kind: `${status} ${body.reason}`, offence: `answered with ${status} ${body.reason}` };
  if (known.unclear) upload.isUnclear = true;
  const isFinal = headers.get("x-should-retry") === "false";
  if (isFinal && !known.unclear) upload.isBurnt = true;
  const kind = isFinal ? `${body.reason} for good` : body.reason;
  return Number(headers.get("retry-after")) > 0 ? { kind } : { kind, offence: "503 without Retry-After" };
}

function describe(error: Error): string {
  if (error.name === "TimeoutError") return "hung";
  return (error.cause as { code?: string } | undefined)?.code === "ECONNREFUSED" ? "unreachable" : "cut off";
}
