import { isUtf8 } from "node:buffer";
import { parseHeaderValue, trimBlanks } from "./header-value.ts";
import { MultipartError } from "./multipart-error.ts";

export interface PartHeaders {
  readonly name: string;
  /**
   * Present, even if empty, exactly when the part gives `filename` or `filename*`: a filename makes the part a file.
   */
  readonly filename: string | undefined;
  /** The header as it was sent. It is not parsed, because a file part streams whatever the header says. */
  readonly contentType: string | undefined;
}

// A field name starts with a letter, so that a boundary line with a colon in it can't pass as a header; a folded line
// begins with a blank and doesn't match either.
const fieldName = /[A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]*:/y;
// Characters that readers disagree about (RFC 9110 §5.5).
const forbidden = /\0|\r(?!\n)|(?<!\r)\n/;
// A short cut for the headers that nearly every client writes and that can't be misread. The rules below give the same
// result for them.
const usualHeaders =
  /^Content-Disposition: form-data; name="([^"\\%\0\r\n]*)"(?:; filename="([^"\\%\0\r\n]*)")?(?:\r\nContent-Type: ([^\0\r\n]*))?$/i;
const identityEncodings = new Set(["7bit", "8bit", "binary"]);
const browserEscapes: Readonly<Record<string, string>> = { "%22": '"', "%0D": "\r", "%0A": "\n" };

/**
 * Parses the header lines of one part, without the blank line that ends them (RFC 7578 §4, in any order).
 * Anything that could be read in two ways is refused with `INVALID`: folded lines, repeated headers, invalid UTF-8.
 */
export function parsePartHeaders(block: Buffer): PartHeaders {
  if (!isUtf8(block)) throw invalid("The headers of a part must be valid UTF-8.");
  let disposition: string | undefined;
  let contentType: string | undefined;
  let transferEncoding: string | undefined;

  const text = block.toString("utf8");
  const usual = usualHeaders.exec(text);
  if (usual !== null) {
    const [, name = "", filename, contentType] = usual;
    return { name, filename, contentType: contentType && trimBlanks(contentType) };
  }
  if (forbidden.test(text)) throw invalid("The headers of a part must not contain NUL, nor CR or LF apart from CR LF.");
  for (let start = 0, end: number; start < text.length; start = end + 2) {
    end = text.indexOf("\r\n", start);
    if (end === -1) end = text.length;
    fieldName.lastIndex = start;
    if (!fieldName.test(text)) throw invalid("Each header of a part must be one line of the form `Name: value`.");
    const colon = fieldName.lastIndex - 1;

    const name = text.slice(start, colon).toLowerCase();
    const value = text.slice(colon + 1, end);
    switch (name) {
      case "content-disposition":
        disposition = once(name, disposition, value);
        break;
      case "content-type":
        contentType = once(name, contentType, value);
        break;
      case "content-transfer-encoding":
        transferEncoding = once(name, transferEncoding, value);
        break;
    }
  }

  if (disposition === undefined) throw invalid("Each part must have a Content-Disposition header.");
  if (transferEncoding !== undefined && !identityEncodings.has(transferEncoding.toLowerCase())) {
    throw invalid(`Send parts as they are: the Content-Transfer-Encoding "${transferEncoding}" is not supported.`);
  }
  return { ...parseDisposition(disposition), contentType };
}

function parseDisposition(text: string): Pick<PartHeaders, "name" | "filename"> {
  const header = parseHeaderValue(text);
  if (header === undefined) {
    throw invalid("The Content-Disposition header of a part is malformed, or gives a parameter twice.");
  }
  if (header.value !== "form-data") throw invalid("The Content-Disposition header of each part must be form-data.");

  const { parameters } = header;
  const name = parameters.get("name");
  if (name === undefined || parameters.has("name*")) {
    throw invalid('The Content-Disposition header of each part must give its name as name="…", in UTF-8.');
  }
  const filename = parameters.get("filename");
  const extended = parameters.get("filename*");
  return {
    name: resolveBrowserEscapes(name),
    filename: extended === undefined ? filename && resolveBrowserEscapes(filename) : parseExtendedValue(extended),
  };
}

/** `UTF-8'language'percent-encoded` (RFC 8187 §3.2). RFC 7578 forbids it in forms; some clients send it. */
function parseExtendedValue(text: string): string {
  const encoded = /^utf-8'[^']*'(.*)$/is.exec(text)?.[1];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
  } catch {
    // The refusal below covers this case too.
  }
  throw invalid("The filename* of a part must be UTF-8, percent-encoded.");
}

/** The HTML standard's form encoding escapes these three and nothing else, not even the percent sign. */
function resolveBrowserEscapes(text: string): string {
  return text.includes("%") ? text.replaceAll(/%(?:22|0D|0A)/g, (code) => browserEscapes[code] ?? code) : text;
}

function once(name: string, earlier: string | undefined, value: string): string {
  if (earlier !== undefined) throw invalid(`A part gives its ${name} header twice.`);
  return trimBlanks(value);
}

function invalid(problem: string): MultipartError {
  return new MultipartError("INVALID", problem);
}
