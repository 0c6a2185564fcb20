import { SluiceError } from "@sluice/protocol";
import { type VisibilityName, visibilityNames } from "../../library/details/stored-columns.ts";
import { joinPath, maxPathBytes, parseFileName, uniqueSuffixBytes } from "../../library/names.ts";
import { invalidParameter, namingParameter } from "../../text/parameter.ts";
import { present } from "../form/receive/form-fields.ts";
import { type UploadParameterValues, uploadParameters } from "./parameters/table.ts";

/** The upload that the client asks for, typed and normalised. */
export interface UploadRequest extends UploadParameterValues {
  readonly fileName: string;
  /** The parameters that the form names which say who may see the version. The others have their defaults. */
  readonly givenVisibility: readonly VisibilityName[];
}

/**
 * Turns the form's text fields into an UploadRequest.
 * @throws SluiceError for the first parameter that is bad, which it names
 */
export function validate(fields: ReadonlyMap<string, string>): UploadRequest {
  const fileName = present(fields, "fileName");
  if (fileName === undefined) throw new SluiceError("FILE_NAME_MISSING");
  const request = {
    fileName: parseName(fileName),
    ...(parseAll(fields, () => true) as UploadParameterValues),
    givenVisibility: visibilityNames.filter((name) => present(fields, name) !== undefined),
  };
  const suffixBytes = request.useUniqueFileName ? uniqueSuffixBytes : 0;
  if (Buffer.byteLength(joinPath(request.folder, request.fileName)) + suffixBytes > maxPathBytes) {
    const problem = `The folder and the fileName together must not exceed ${maxPathBytes} bytes in UTF-8.`;
    throw invalidParameter("fileName", problem);
  }
  return request;
}

/**
 * Parses the fields that have come so far; other fields may still follow.
 * @throws SluiceError for the first parameter that is bad, which it names
 */
export function validateSoFar(fields: ReadonlyMap<string, string>): Partial<UploadRequest> {
  const fileName = present(fields, "fileName");
  const others = parseAll(fields, (name) => fields.has(name));
  return fileName === undefined ? others : { fileName: parseName(fileName), ...others };
}

function parseName(fileName: string): string {
  return namingParameter("fileName", () => parseFileName(fileName));
}

function parseAll(
  fields: ReadonlyMap<string, string>,
  isKnown: (name: string) => boolean,
): Partial<UploadParameterValues> {
  const values = Object.entries(uploadParameters)
    .filter(([name]) => isKnown(name))
    .map(([name, { parse, default: standard }]) => {
      const text = present(fields, name);
      return [name, text === undefined ? standard : namingParameter(name, () => parse(text))];
    });
  return Object.fromEntries(values);
}
