import { isUtf8 } from "node:buffer";
import { SluiceError } from "@sluice/protocol";
import { invalidParameter } from "../../../text/parameter.ts";
import { Base64Decoder, Base64Error } from "./base64-decoder.ts";

/** Bytes of the longest `data:<mime>;base64,` that is recognised. */
const maxDataHeaderLength = 512;
const maxUrlBytes = 8 * 1024;

/**
 * The content that a text part named `file` stands for (docs/protocol/upload.md §6): bytes, or the text of an http(s)
 * URL to fetch them from.
 */
export type TextFile = { readonly bytes: AsyncIterable<Buffer> } | { readonly url: string };

/**
 * Reads enough of the text to tell bytes from a URL, and reads a URL to its end.
 * @param body a loop over it can stop in the middle, and the next loop continues there
 * @throws SluiceError PARAMETER_INVALID (from `bytes` as well) for a text that is neither base64, a data URI nor a URL,
 *   PARAMETER_TOO_LARGE for an endless URL
 */
export async function openTextFile(body: AsyncIterableIterator<Buffer>): Promise<TextFile> {
  let head: Buffer = Buffer.alloc(0);
  let start: Start | undefined;
  for await (const chunk of body) {
    head = Buffer.concat([head, chunk]);
    start = startOf(head, false);
    if (start !== undefined) break;
  }
  start ??= startOf(head, true) ?? 0;
  return start === "url" ? { url: await readUrl(head, body) } : { bytes: decode(head.subarray(start), body) };
}

async function readUrl(head: Buffer, rest: AsyncIterable<Buffer>): Promise<string> {
  const chunks = [head];
  let size = head.length;
  const check = (): void => {
    if (size > maxUrlBytes) throw new SluiceError("PARAMETER_TOO_LARGE", { parameter: "file", limit: maxUrlBytes });
  };
  check();
  for await (const chunk of rest) {
    size += chunk.length;
    check();
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw invalidParameter("file", "Its value is not valid UTF-8.");
  return bytes.toString("utf8").trim();
}

async function* decode(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new Base64Decoder();
  try {
    yield decoder.push(head);
    for await (const chunk of rest) yield decoder.push(chunk);
    decoder.finish();
  } catch (error) {
    if (!(error instanceof Base64Error)) throw error;
    const problem = `A text part named file must be base64, a data URI or a URL, but ${error.message}.`;
    throw invalidParameter("file", `${problem} curl sends a file's bytes by -F file=@name.`);
  }
}

/** The index at which the base64 text begins, or "url" when the text is a URL. */
type Start = number | "url";

/** @returns undefined while too little of the text has come to tell */
function startOf(head: Buffer, complete: boolean): Start | undefined {
  const text = head.subarray(0, maxDataHeaderLength).toString("latin1");
  if (/^\s*https?:\/\//i.test(text)) return "url";
  if (/^\s*data:/i.test(text)) {
    const comma = text.indexOf(",");
    if (comma === -1 && !complete && head.length < maxDataHeaderLength) return undefined;
    if (!/^\s*data:[^,]*;base64$/i.test(text.slice(0, Math.max(comma, 0)))) {
      throw invalidParameter("file", "A data URI must have the form data:<mime>;base64,<data>.");
    }
    return comma + 1;
  }
  const undecided =
    "https://".startsWith(text.trimStart().toLowerCase()) || /^\s*(d|da|dat|data|http|http:\/?)$/i.test(text);
  return undecided && !complete && head.length < maxDataHeaderLength ? undefined : 0;
}
