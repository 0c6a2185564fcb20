import { randomUUID } from "node:crypto";
import { encodeForm, type RawForm, type RawPart, textPart } from "./multipart.ts";

/**
 * The parameters that both mobile SDKs send after file, token and fileName, in this order, when they are set
 * (docs/protocol/sdk-compatibility.md §5.1).
 */
const optionalParameters = [
  "useUniqueFileName",
  "tags",
  "folder",
  "isPrivateFile",
  "customCoordinates",
  "responseFields",
  "extensions",
  "webhookUrl",
  "overwriteFile",
  "overwriteAITags",
  "overwriteTags",
  "overwriteCustomMetadata",
  "customMetadata",
] as const;

export interface MobileUpload {
  readonly file: string | Uint8Array;
  readonly token: string;
  readonly fileName: string;
  readonly options?: Readonly<Partial<Record<(typeof optionalParameters)[number], string>>>;
}

export type MobileForm = (upload: MobileUpload) => RawForm;

function fields({ token, fileName, options = {} }: MobileUpload): [name: string, value: string][] {
  const optional = optionalParameters.flatMap((name): [string, string][] => {
    const value = options[name];
    return value === undefined ? [] : [[name, value]];
  });
  return [["token", token], ["fileName", fileName], ...optional];
}

/**
 * The form of the Android SDK. OkHttp gives every part a Content-Length and sends non-ASCII names unescaped. The
 * declared type of every file is image/png. A string is sent as a text part without a filename.
 */
export const androidForm: MobileForm = (upload) => {
  const { file, fileName } = upload;
  const withLength = (part: RawPart): RawPart => ({
    headers: [...part.headers, `Content-Length: ${Buffer.byteLength(part.body)}`],
    body: part.body,
  });
  const text = ([name, value]: [string, string]): RawPart => withLength(textPart(name, value));
  const filePart: RawPart =
    typeof file === "string"
      ? text(["file", file])
      : withLength({
          headers: [`Content-Disposition: form-data; name="file"; filename="${fileName}"`, "Content-Type: image/png"],
          body: file,
        });
  return encodeForm([filePart, ...fields(upload).map(text)], randomUUID());
};

/**
 * The form of the iOS SDK. Header lines come in a dictionary's order, so the type may precede the disposition. A string
 * is sent as a file as well.
 */
export const iosForm: MobileForm = (upload) => {
  const disposition = `Content-Disposition: form-data; name="file"; filename="${upload.fileName}"`;
  const file = { headers: ["Content-Type: image/png", disposition], body: upload.file };
  const texts = fields(upload).map(([name, value]) => textPart(name, value));
  return encodeForm([file, ...texts], `Boundary-${randomUUID().toUpperCase()}`);
};
