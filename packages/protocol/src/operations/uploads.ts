import { Type } from "typebox";
import { UploadForm, UploadFormV1, UploadQueued, UploadResponse } from "../schemas/upload.ts";
import { UploadOutcome, UploadOutcomeQuestion } from "../schemas/upload-outcome.ts";
import { askingByToken, uploading, uploadingV1 } from "./access.ts";
import type { Operation } from "./operation.ts";

const attempt = {
  "x-sluice-attempt": Type.String({
    pattern: "^[\\w-]{1,64}$",
    description: "A name of the client's own choice for this request, by which it may ask for the outcome.",
  }),
};

/** The refusals of a file and of its parameters, however the file comes. */
export const ofStoring = [
  "PARAMETER_INVALID",
  "PARAMETER_NOT_SUPPORTED",
  "FILE_MISSING",
  "FILE_NAME_MISSING",
  "FILE_TOO_LARGE",
  "FILE_INFECTED",
  "FILE_ALREADY_EXISTS",
  "KEY_MAY_NOT_OVERWRITE",
  "KEY_MAY_NOT_CHANGE_VISIBILITY",
  "FOLDER_INVALID",
  "TAGS_TOO_LONG",
  "CUSTOM_METADATA_INVALID",
  "TOO_MANY_CUSTOM_VALUES",
  "CHECKS_INVALID",
  "CHECKS_FAILED",
  "TRANSFORMATION_INVALID",
  "TRANSFORMATION_NOT_FOR_FILE",
  "POST_TRANSFORMATION_UNFIT",
  "EXTENSION_NAME_INVALID",
  "EXTENSION_CONFIG_INVALID",
  "SAVED_EXTENSIONS_UNRESOLVED",
  "STORAGE_LIMIT_EXCEEDED",
  "VERSION_LIMIT_EXCEEDED",
  "UPLOAD_ABANDONED",
  "SCANNER_UNAVAILABLE",
] as const;

/** The refusals of both upload endpoints. */
const ofUploads = [
  "CONTENT_TYPE_INVALID",
  "FORM_INVALID",
  "FORM_INCOMPLETE",
  "FORM_TOO_LARGE",
  "PARAMETER_REPEATED",
  "PARAMETER_TOO_LARGE",
  "FILE_URL_NOT_ALLOWED",
  "FILE_URL_UNREACHABLE",
  ...ofStoring,
  "UPLOAD_GAVE_WAY",
] as const;

export const uploads = {
  upload: {
    id: "upload-file-v2",
    method: "POST",
    path: "/api/v2/files/upload",
    tag: "Uploads",
    summary: "Upload a file",
    description:
      "A client sends the token that its backend has minted for exactly these parameters; a server sends its private key. " +
      "A token admits one attempt, even when that attempt fails. The answer is sent once the file is safe on disk. " +
      "It is 202 for a video that is to be transformed before it is stored: webhooks tell what became of it.",
    sdk: "beta.v2.files.upload",
    access: uploading,
    headers: attempt,
    form: UploadForm,
    answers: { 200: UploadResponse, 202: UploadQueued },
    errors: [
      "TOKEN_AND_BASIC_AUTH",
      "TOKEN_MISSING",
      "TOKEN_INVALID",
      "TOKEN_EXPIRED",
      "TOKEN_FROM_BEFORE_RESTORE",
      "TOKEN_USED",
      "PAYLOAD_MISMATCH",
      ...ofUploads,
    ],
  },
  uploadV1: {
    id: "upload-file",
    method: "POST",
    path: "/api/v1/files/upload",
    tag: "Uploads",
    summary: "Upload a file in the way of V1",
    description:
      "A server sends its private key. A client sends `publicKey`, `signature`, `expire` and `token`. That signature locks " +
      "none of the parameters, so the operator has to switch such uploads on.",
    sdk: "files.upload",
    access: uploadingV1,
    headers: attempt,
    form: UploadFormV1,
    answers: { 200: UploadResponse, 202: UploadQueued },
    errors: [
      "SIGNATURE_AND_BASIC_AUTH",
      "SIGNATURE_MISSING",
      "SIGNATURE_INVALID",
      "EXPIRE_INVALID",
      "SIGNATURE_FROM_BEFORE_RESTORE",
      "SIGNED_TOKEN_USED",
      "SIGNED_TOKEN_INVALID",
      "SIGNATURES_SWITCHED_OFF",
      ...ofUploads,
    ],
  },
  askUploadOutcome: {
    id: "ask-upload-outcome",
    method: "POST",
    path: "/_sluice/upload-outcome",
    tag: "Uploads",
    summary: "Ask for the outcome of an upload",
    description:
      "For a client whose connection broke before the answer came. The token of the upload is the credential. An answer of " +
      "`nothing` is a promise: an upload that is still under way with this token stores nothing. The body may also be a form.",
    access: askingByToken,
    body: UploadOutcomeQuestion,
    answers: { 200: UploadOutcome },
    errors: ["TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", "PARAMETER_INVALID"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
