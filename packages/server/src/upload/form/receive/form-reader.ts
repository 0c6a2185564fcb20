import { isUtf8 } from "node:buffer";
import { SluiceError } from "@sluice/protocol";
import type { Limits } from "../../../config/limits.ts";
import type { IncomingFile } from "../../../library/content/incoming-file.ts";
import { invalidParameter } from "../../../text/parameter.ts";
import { shortened } from "../../../text/shortened.ts";
import type { Authoriser } from "../authorise/authoriser.ts";
import { parseBoundary, parseHeaderValue } from "../multipart/header-value.ts";
import { MultipartError, refuseForm } from "../multipart/multipart-error.ts";
import { type Part, readParts } from "../multipart/multipart-reader.ts";
import type { PartHeaders } from "../multipart/part-headers.ts";
import { FormFields } from "./form-fields.ts";
import { lookForPlaceholder, openTextFile } from "./text-file.ts";

/** A form whose file begins. */
export interface FormStart {
  /** The text fields that come before the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** Whether the file is sent as it is, rather than as a text. */
  readonly isBinary: boolean;
}

export interface ReceivedForm {
  /** The text fields other than file. */
  readonly fields: ReadonlyMap<string, string>;
  /** The URL to fetch the file from, when the form has a URL in the file's place. The URL has not been checked. */
  readonly remoteUrl: string | undefined;
}

/** The part named `file`. */
interface FilePart {
  readonly isBinary: boolean;
  readonly body: AsyncIterableIterator<Buffer>;
}

/**
 * Reads a form as it streams: first up to its file, then to its end. Text fields are kept, and shown one by one to the
 * authoriser, which may refuse the upload at each of them.
 */
export class FormReader {
  readonly #parts: AsyncIterator<Part, void>;
  readonly #authoriser: Authoriser;
  readonly #limits: Limits;
  readonly #fields: FormFields;
  #file: FilePart | undefined;
  #placeholder: FilePart | undefined;

  /** @throws SluiceError CONTENT_TYPE_INVALID */
  constructor(contentType: string | undefined, body: AsyncIterator<Buffer>, authoriser: Authoriser, limits: Limits) {
    const boundary = parseBoundary(contentType);
    if (boundary === undefined) throw new SluiceError("CONTENT_TYPE_INVALID");
    this.#parts = readParts(body, boundary, { parts: limits.parts, headerBytes: limits.partHeaderBytes });
    this.#authoriser = authoriser;
    this.#limits = limits;
    this.#fields = new FormFields(limits.allFieldsBytes);
  }

  /**
   * Reads the fields up to the file.
   * @returns undefined when the form has ended without a file
   * @throws SluiceError for a form that is broken, incomplete or over a limit, and whatever the authoriser throws
   */
  async toFile(): Promise<FormStart | undefined> {
    // A placeholder counts as the file unless a file follows it.
    this.#file = (await this.#nextFile().catch(refuse)) ?? this.#placeholder;
    if (this.#file === undefined) return undefined;
    const fields = this.#authoriser.token === undefined ? this.#fields.soFar() : this.#fields.toMap();
    return { fields, isBinary: this.#file.isBinary };
  }

  /**
   * Reads the file, and the fields that follow it.
   * @param file takes the bytes of the file
   * @throws SluiceError as `toFile`
   */
  async toEnd(file: IncomingFile): Promise<ReceivedForm> {
    const remoteUrl = await this.#receiveRest(file).catch(refuse);
    // The signer of a token may have refused `tags` and knows no other name for them: `tags[]` stays apart then.
    const fields = this.#authoriser.token === undefined ? this.#fields.withLists() : this.#fields.toMap();
    return { fields, remoteUrl };
  }

  async #receiveRest(file: IncomingFile): Promise<string | undefined> {
    const remoteUrl = this.#file && (await this.#receiveFile(this.#file, file));
    await this.#nextFile();
    return remoteUrl;
  }

  /** @returns the URL in the file's place, if there is one */
  async #receiveFile({ isBinary, body }: FilePart, file: IncomingFile): Promise<string | undefined> {
    const content = isBinary ? { bytes: body } : await openTextFile(body);
    if ("url" in content) return content.url;
    await this.#spool(content.bytes, file);
    return undefined;
  }

  /**
   * Writes the file into the spool. A file over its limit is read on without being stored while the credentials may
   * still come after it: a token in the form must be burnt, and the client should hear first of missing or bad
   * credentials. Reading on ends all the same when the excess is too large or takes too long (`excessIsHopeless`).
   */
  async #spool(bytes: AsyncIterable<Buffer>, file: IncomingFile): Promise<void> {
    for await (const chunk of bytes) {
      await file.write(chunk);
      const { excess } = file;
      if (excess === undefined) continue;
      if (this.#authoriser.admitted !== undefined || file.excessIsHopeless(this.#limits)) throw excess;
    }
  }

  /** Takes the text fields up to the next file. @returns undefined at the end of the form */
  async #nextFile(): Promise<FilePart | undefined> {
    for (;;) {
      const { done, value: part } = await this.#parts.next();
      if (done) return undefined;
      if (part.name !== "file") {
        await this.#takeField(part);
        continue;
      }
      const isBinary = isBinaryFile(part);
      if (this.#file !== undefined || (this.#placeholder !== undefined && !isBinary)) {
        throw new SluiceError("PARAMETER_REPEATED", { parameter: "file" });
      }
      if (isBinary) return { isBinary, body: part.body };
      requireUtf8(part);
      const { isPlaceholder, body } = await lookForPlaceholder(part.body);
      if (!isPlaceholder) return { isBinary, body };
      this.#placeholder = { isBinary, body };
    }
  }

  async #takeField(part: Part): Promise<void> {
    if (part.filename !== undefined) {
      throw invalidParameter(shortened(part.name, 64), "Only the part named file may carry a filename.");
    }
    const value = await readTextValue(part, this.#limits.fieldBytes);
    this.#fields.add(part.name, value);
    const judgement = this.#authoriser.field(part.name, value);
    if (judgement !== undefined) await judgement;
  }
}

function refuse(error: unknown): never {
  throw error instanceof MultipartError ? refuseForm(error) : error;
}

/**
 * A part that is a binary file has a filename, or at least a type that is not a text type (docs/protocol/upload.md §6).
 */
function isBinaryFile(part: Part): boolean {
  return part.filename !== undefined || (part.contentType !== undefined && !/^\s*text\//i.test(part.contentType));
}

// The second label is WHATWG's for the same encoding, and some clients write it.
const utf8Labels = new Set(["utf-8", "utf8"]);

/**
 * Reads the text of a part, byte for byte: a byte order mark stays (docs/protocol/upload.md §3, §15.18). `limit` is in
 * bytes.
 *
 * @throws SluiceError PARAMETER_TOO_LARGE as soon as the limit is passed, PARAMETER_INVALID for anything but UTF-8;
 * and what the part's body throws.
 */
export async function readTextValue(part: Part, limit: number): Promise<string> {
  requireUtf8(part);
  const { body } = part;
  const chunks: Buffer[] = [];
  for (let chunk = body.read(); chunk !== null; chunk = body.read()) {
    if (body.bytesRead > limit) throw new SluiceError("PARAMETER_TOO_LARGE", { parameter: part.name, limit });
    if (chunk === undefined) await body.fill();
    else chunks.push(chunk);
  }
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw invalid(part.name, "Its value is not valid UTF-8.");
  return bytes.toString("utf8");
}

/** Refuses a part that declares a charset other than UTF-8, or a Content-Type that is malformed and could hide one. */
export function requireUtf8({ name, contentType }: PartHeaders): void {
  if (contentType === undefined) return;
  const header = parseHeaderValue(contentType);
  if (header === undefined) throw invalid(name, "The Content-Type header of its part is malformed.");
  const charset = header.parameters.get("charset");
  if (charset !== undefined && !utf8Labels.has(charset.toLowerCase())) {
    throw invalid(name, `Send text as UTF-8; its part declares the charset "${charset}".`);
  }
}

function invalid(parameter: string, problem: string): SluiceError {
  return new SluiceError("PARAMETER_INVALID", { parameter, problem });
}
