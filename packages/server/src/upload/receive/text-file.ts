import { SluiceError } from "@sluice/protocol";
import { invalidParameter } from "../../parameters/parameter.ts";
import { Base64Decoder, Base64Error } from "./base64-decoder.ts";

/** Longest `data:<mime>;base64,` that is looked for. */
const maxDataHeader = 512;

/**
 * The bytes that a text part named `file` stands for: base64, with or without a `data:` header (spec/upload-v2.md §6).
 * @throws SluiceError PARAMETER_INVALID when it is neither, PARAMETER_NOT_SUPPORTED for a remote URL
 */
export async function* decodeTextFile(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new Base64Decoder();
  let head: Buffer | undefined = Buffer.alloc(0);
  try {
    for await (const chunk of body) {
      if (head === undefined) {
        yield decoder.push(chunk);
        continue;
      }
      head = Buffer.concat([head, chunk]);
      const start = startOfBase64(head, false);
      if (start === undefined) continue;
      yield decoder.push(head.subarray(start));
      head = undefined;
    }
    if (head !== undefined) yield decoder.push(head.subarray(startOfBase64(head, true)));
    decoder.finish();
  } catch (error) {
    if (!(error instanceof Base64Error)) throw error;
    throw invalidParameter("file", `A text part named file must be base64, a data URI or a URL, but ${error.message}.`);
  }
}

/** @returns where the base64 text begins; undefined while too little of it is there to tell */
function startOfBase64(head: Buffer, complete: boolean): number | undefined {
  const text = head.subarray(0, maxDataHeader).toString("latin1");
  if (/^\s*https?:\/\//i.test(text))
    throw new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: "file (remote URL)" });
  if (/^\s*data:/i.test(text)) {
    const comma = text.indexOf(",");
    if (comma === -1 && !complete && head.length < maxDataHeader) return undefined;
    if (!/^\s*data:[^,]*;base64$/i.test(text.slice(0, Math.max(comma, 0)))) {
      throw invalidParameter("file", "A data URI must have the form data:<mime>;base64,<data>.");
    }
    return comma + 1;
  }
  const undecided =
    "https://".startsWith(text.trimStart().toLowerCase()) || /^\s*(d|da|dat|data|http|http:\/?)$/i.test(text);
  return undecided && !complete && head.length < maxDataHeader ? undefined : 0;
}
