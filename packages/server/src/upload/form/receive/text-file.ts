import { isUtf8 } from "node:buffer";
import { SluiceError } from "@sluice/protocol";
import { invalidParameter } from "../../../text/parameter.ts";

/** Bytes of the longest `data:<mime>;base64,` that is recognised. */
const maxDataHeaderLength = 512;
const maxUrlBytes = 8 * 1024;

/**
 * The content that a text part named `file` stands for (docs/protocol/upload.md §6): bytes, or the text of an http(s)
 * URL to fetch them from.
 */
type TextFile = { readonly bytes: AsyncIterable<Buffer> } | { readonly url: string };

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

/** The longest text that is a placeholder. */
const maxPlaceholderBytes = 2;

/**
 * Looks whether a text part named `file` is a placeholder: empty or `{}`, which stands for no file. FilePond writes the
 * metadata of a file under the file's own name, before the file, and most files have none.
 * @param body the part's body, which is read as far as that takes
 * @returns the whole body again, from its beginning
 */
export async function lookForPlaceholder(
  body: AsyncIterableIterator<Buffer>,
): Promise<{ readonly isPlaceholder: boolean; readonly body: AsyncIterableIterator<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  let isWhole = false;
  while (!isWhole && head.length <= maxPlaceholderBytes) {
    const { done = false, value } = await body.next();
    isWhole = done;
    if (!done) head = Buffer.concat([head, value]);
  }
  const text = head.toString("latin1");
  return { isPlaceholder: isWhole && (text === "" || text === "{}"), body: preceded(head, body) };
}

/** The body with the bytes that have been read in front. A loop over it can stop, and the next one continues there. */
function preceded(head: Buffer, rest: AsyncIterableIterator<Buffer>): AsyncIterableIterator<Buffer> {
  let unread = head.length > 0 ? head : undefined;
  return {
    async next() {
      if (unread === undefined) return rest.next();
      const value = unread;
      unread = undefined;
      return { done: false, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Thrown for text that is not base64, as docs/protocol/upload.md §15.18 defines it. */
class Base64Error extends Error {}

const whiteSpace = 64;
const padding = 65;
const invalid = 66;

const meanings = new Uint8Array(256).fill(invalid);
for (const [value, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  meanings[letter.charCodeAt(0)] = value;
}
meanings["-".charCodeAt(0)] = 62;
meanings["_".charCodeAt(0)] = 63;
meanings["=".charCodeAt(0)] = padding;
for (const letter of " \t\r\n\f\v") meanings[letter.charCodeAt(0)] = whiteSpace;

/** Decodes base64 as it arrives: both alphabets, ASCII white space ignored, padding optional. */
class Base64Decoder {
  #bits = 0;
  #bitCount = 0;
  #symbols = 0;
  #paddings = 0;

  /** @throws Base64Error */
  push(text: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4) + 1);
    let length = 0;
    for (const byte of text) {
      const meaning = meanings[byte] ?? invalid;
      if (meaning < whiteSpace) {
        if (this.#paddings > 0) throw new Base64Error("there is text after the padding");
        this.#symbols++;
        this.#bits = ((this.#bits << 6) | meaning) & 0xffffff;
        this.#bitCount += 6;
        if (this.#bitCount >= 8) {
          this.#bitCount -= 8;
          out[length++] = (this.#bits >> this.#bitCount) & 0xff;
        }
      } else if (meaning === padding) this.#paddings++;
      else if (meaning === invalid) throw new Base64Error("there is a character that base64 does not have");
    }
    return out.subarray(0, length);
  }

  /** @throws Base64Error when the text ended in the middle of a byte, or is padded wrongly */
  finish(): void {
    const rest = this.#symbols % 4;
    if (rest === 1) throw new Base64Error("its length is impossible");
    if (this.#paddings > 0 && (rest + this.#paddings) % 4 !== 0) throw new Base64Error("its padding is wrong");
    if (this.#paddings > 2) throw new Base64Error("its padding is wrong");
  }
}
