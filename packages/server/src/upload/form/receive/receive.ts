import { SluiceError } from "@sluice/protocol";
import type { Limits } from "../../../config/limits.ts";
import type { IncomingFile } from "../../../library/content/incoming-file.ts";
import { invalidParameter } from "../../../text/parameter.ts";
import { shortened } from "../../../text/shortened.ts";
import type { Gate } from "../authorise/gate.ts";
import { parseBoundary } from "../multipart/boundary.ts";
import { MultipartError, refuseForm } from "../multipart/multipart-error.ts";
import { type Part, readParts } from "../multipart/multipart-reader.ts";
import { readTextValue, requireUtf8 } from "../multipart/text-value.ts";
import { FormFields } from "./form-fields.ts";
import { lookForPlaceholder } from "./placeholder.ts";
import { openTextFile } from "./text-file.ts";

export interface FormSource {
  readonly contentType: string | undefined;
  readonly body: AsyncIterator<Buffer>;
}

export interface ReceivedForm {
  /** The text fields other than file. */
  readonly fields: ReadonlyMap<string, string>;
  /** The URL to fetch the file from, when the form has a URL in the file's place. The URL has not been checked. */
  readonly remoteUrl: string | undefined;
}

/**
 * Reads the form as it streams: text fields are kept and shown to the gate one by one, the file goes into the spool.
 * @param beforeFile asked before the file is stored, with the text fields that come before it
 * @throws SluiceError for a form that is broken, incomplete or over a limit, and whatever the gate throws
 */
export async function receive(
  source: FormSource,
  gate: Gate,
  file: IncomingFile,
  limits: Limits,
  beforeFile: (fields: ReadonlyMap<string, string>, file: { readonly binary: boolean }) => Promise<void>,
): Promise<ReceivedForm> {
  const boundary = parseBoundary(source.contentType);
  if (boundary === undefined) throw new SluiceError("CONTENT_TYPE_INVALID");
  const fields = new FormFields(limits.allFieldsBytes);
  let hasFile = false;
  let placeholder: FilePart | undefined;
  let remoteUrl: string | undefined;
  const takeFile = async (part: FilePart): Promise<void> => {
    hasFile = true;
    const before = gate.token === undefined ? fields.soFar() : fields.toMap();
    await beforeFile(before, { binary: part.isBinary });
    remoteUrl = await receiveFile(part, gate, file, limits);
  };
  try {
    for await (const part of readParts(source.body, boundary, {
      parts: limits.parts,
      headerBytes: limits.partHeaderBytes,
    })) {
      if (part.name === "file") {
        const isBinary = isBinaryFile(part);
        if (hasFile || (placeholder !== undefined && !isBinary)) {
          throw new SluiceError("PARAMETER_REPEATED", { parameter: "file" });
        }
        if (!isBinary) requireUtf8(part);
        const { isPlaceholder, body } = isBinary
          ? { isPlaceholder: false, ...part }
          : await lookForPlaceholder(part.body);
        // A placeholder counts as the file unless a file follows it.
        if (isPlaceholder) placeholder = { isBinary, body };
        else await takeFile({ isBinary, body });
      } else if (part.filename !== undefined) {
        const problem = "Only the part named file may carry a filename.";
        throw invalidParameter(shortened(part.name, 64), problem);
      } else {
        const value = await readTextValue(part, limits.fieldBytes);
        fields.add(part.name, value);
        const judgement = gate.field(part.name, value);
        if (judgement !== undefined) await judgement;
      }
    }
    if (!hasFile && placeholder !== undefined) await takeFile(placeholder);
  } catch (error) {
    throw error instanceof MultipartError ? refuseForm(error) : error;
  }
  // The signer of a token may have refused `tags` and knows no other name for them: `tags[]` stays apart then.
  return { fields: gate.token === undefined ? fields.withLists() : fields.toMap(), remoteUrl };
}

/** The part named `file`. */
interface FilePart {
  readonly isBinary: boolean;
  readonly body: AsyncIterableIterator<Buffer>;
}

/** @returns the URL in the file's place, if there is one */
async function receiveFile(
  { isBinary, body }: FilePart,
  gate: Gate,
  file: IncomingFile,
  limits: Limits,
): Promise<string | undefined> {
  const content = isBinary ? { bytes: body } : await openTextFile(body);
  if ("url" in content) return content.url;
  await storeFile(content.bytes, gate, file, limits);
  return undefined;
}

/**
 * Stores the file. A file over its limit is read on without being stored while the credentials may still come after it:
 * a token in the form must be burnt, and the client should hear first of missing or bad credentials. Reading on ends
 * all the same when the excess is too large or takes too long (`excessIsHopeless`).
 */
async function storeFile(bytes: AsyncIterable<Buffer>, gate: Gate, file: IncomingFile, limits: Limits): Promise<void> {
  for await (const chunk of bytes) {
    await file.write(chunk);
    const excess = file.excess;
    if (excess !== undefined && (gate.admitted !== undefined || file.excessIsHopeless(limits))) throw excess;
  }
}

/**
 * A part that is a binary file has a filename, or at least a type that is not a text type (docs/protocol/upload.md §6).
 */
function isBinaryFile(part: Part): boolean {
  return part.filename !== undefined || (part.contentType !== undefined && !/^\s*text\//i.test(part.contentType));
}
