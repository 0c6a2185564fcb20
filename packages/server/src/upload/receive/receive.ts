import { SluiceError } from "@sluice/protocol";
import type { Limits } from "../../config/limits.ts";
import { invalidParameter } from "../../parameters/parameter.ts";
import type { Gate } from "../authorise/gate.ts";
import { parseBoundary } from "../multipart/boundary.ts";
import { MultipartError, refuseForm } from "../multipart/multipart-error.ts";
import { type Part, readParts } from "../multipart/multipart-reader.ts";
import { readTextValue } from "../multipart/text-value.ts";
import { FormFields } from "./form-fields.ts";
import type { IncomingFile } from "./incoming-file.ts";
import { decodeTextFile } from "./text-file.ts";

export interface FormSource {
  readonly contentType: string | undefined;
  readonly body: AsyncIterator<Buffer>;
}

/**
 * Reads the form as it streams: text fields are kept and shown to the gate one by one, the file goes into the spool.
 * @returns the text fields other than file
 * @throws SluiceError for a form that is broken, incomplete or over a limit, and whatever the gate throws
 */
export async function receive(
  source: FormSource,
  gate: Gate,
  file: IncomingFile,
  limits: Limits,
): Promise<ReadonlyMap<string, string>> {
  const boundary = parseBoundary(source.contentType);
  if (boundary === undefined) throw new SluiceError("CONTENT_TYPE_INVALID");
  const fields = new FormFields(limits.allFieldsBytes);
  let files = 0;
  try {
    for await (const part of readParts(source.body, boundary, { parts: limits.parts })) {
      if (part.name === "file") {
        if (++files > 1) throw new SluiceError("PARAMETER_REPEATED", { parameter: "file" });
        await receiveFile(part, gate, file, limits);
      } else if (part.filename !== undefined) {
        const problem = "Only the part named file may carry a filename.";
        throw invalidParameter(shown(part.name), problem);
      } else {
        const value = await readTextValue(part, limits.fieldBytes);
        fields.add(part.name, value);
        await gate.field(part.name, value);
      }
    }
  } catch (error) {
    throw error instanceof MultipartError ? refuseForm(error) : error;
  }
  return fields.toMap();
}

/**
 * Once the file is over its limit it is read on without being stored, as long as the credentials may still come behind
 * it: a token that is there is to be burnt, and missing or bad credentials are what the client should hear of first.
 */
async function receiveFile(part: Part, gate: Gate, file: IncomingFile, limits: Limits): Promise<void> {
  for await (const chunk of isBinary(part) ? part.body : decodeTextFile(part.body)) {
    if (!gate.wantsFile) continue;
    await file.write(chunk);
    const excess = file.excess;
    if (excess !== undefined && (gate.passed || file.excessIsHopeless(limits))) throw excess;
  }
}

/** A file as a file has a filename, or at least a type that is not text's (spec/upload-v2.md §6). */
function isBinary(part: Part): boolean {
  return part.filename !== undefined || (part.contentType !== undefined && !/^\s*text\//i.test(part.contentType));
}

function shown(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}
