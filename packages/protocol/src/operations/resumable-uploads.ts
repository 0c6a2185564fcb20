import { Type } from "typebox";
import { UploadProgress, UploadResponse } from "../schemas/upload.ts";
import { uploading, withUploadAddress } from "./access.ts";
import type { Operation } from "./operation.ts";
import { ofStoring } from "./uploads.ts";

const session = {
  session: Type.String({
    pattern: "^[\\w-]{43}$",
    description:
      "The end of the address that the creation was answered with. Whoever knows it may go on with the upload.",
  }),
};

const version = { "tus-resumable": Type.String({ description: "The version of the tus protocol: `1.0.0`." }) };
const override = {
  "x-http-method-override": Type.String({ description: "The method that is meant, for clients that can only POST." }),
};
const laterLength = {
  "upload-length": Type.String({
    description: "The length of the whole file in bytes, where the creation had `Upload-Defer-Length`.",
  }),
};
const checksum = {
  "upload-checksum": Type.String({
    description: "`sha1` or `sha256`, and the checksum of the request's bytes in base64.",
  }),
};
const offset = { "upload-offset": Type.String({ description: "The number of bytes that are kept." }) };
const expires = { "upload-expires": Type.String({ description: "The time at which the session ends." }) };

/** The refusals of every request that names a session. */
const ofSessions = [
  "ACCOUNT_DISABLED",
  "PRIVATE_KEY_EXPIRED",
  "TUS_VERSION_UNSUPPORTED",
  "TUS_HEADER_INVALID",
  "UPLOAD_SESSION_NOT_FOUND",
  "UPLOAD_SESSION_ENDED",
  "UPLOAD_SESSION_BUSY",
] as const;

/** The refusals of the bytes of a piece. */
const ofPieces = [
  "UPLOAD_TAKEN_OVER",
  "PIECE_INTERRUPTED",
  "PIECE_BEYOND_LENGTH",
  "PIECE_TOO_LARGE",
  "CHECKSUM_MISMATCH",
] as const;

/** Uploads by the tus protocol, which go on where a broken connection has left them. */
export const resumableUploads = {
  createResumableUpload: {
    id: "create-resumable-upload",
    method: "POST",
    path: "/_sluice/resumable",
    tag: "Uploads",
    summary: "Begin a resumable upload",
    description:
      "The creation of the [tus protocol](https://tus.io/protocols/resumable-upload) 1.0. `Upload-Metadata` has the parameters of an upload " +
      "and its token; a server sends its private key instead of a token. The token is used up here, and what follows needs " +
      "the address in `Location` alone. The body may be the first piece.",
    access: uploading,
    headers: {
      ...version,
      "upload-length": Type.String({ description: "The length of the whole file in bytes." }),
      "upload-defer-length": Type.Literal("1", {
        description: "Instead of `Upload-Length`, where the length comes with a later piece.",
      }),
      "upload-metadata": Type.String({ description: "Names, each with its value in base64, separated by commas." }),
      ...checksum,
      ...override,
      "x-sluice-attempt": Type.String({
        pattern: "^[\\w-]{1,64}$",
        description: "A name of the client's own choice for this request, by which it may ask for the outcome.",
      }),
    },
    answers: { 201: null },
    answerHeaders: {
      location: Type.String({ description: "The address of the upload's session." }),
      ...offset,
      ...expires,
    },
    errors: [
      "METHOD_NOT_ALLOWED",
      "TUS_VERSION_UNSUPPORTED",
      "TUS_HEADER_INVALID",
      "TUS_EXTENSION_UNSUPPORTED",
      "TOKEN_AND_BASIC_AUTH",
      "TOKEN_MISSING",
      "TOKEN_INVALID",
      "TOKEN_EXPIRED",
      "TOKEN_FROM_BEFORE_RESTORE",
      "TOKEN_USED",
      "PAYLOAD_MISMATCH",
      "FORM_TOO_LARGE",
      "PARAMETER_REPEATED",
      "UPLOAD_LENGTH_TOO_LARGE",
      "FILE_TOO_LARGE_FOR_STEP",
      "TOO_MANY_OPEN_UPLOADS",
      ...ofPieces,
      ...ofStoring,
    ],
  },
  getResumableUpload: {
    id: "get-resumable-upload",
    method: "GET",
    path: "/_sluice/resumable/:session",
    tag: "Uploads",
    summary: "Get the answer of a resumable upload",
    description:
      "The answer of the upload once it is stored or refused, until its session ends. Until then the answer is 202. " +
      "HEAD tells the offset as the tus protocol says, and needs `Tus-Resumable`.",
    access: withUploadAddress,
    parameters: session,
    answers: { 200: UploadResponse, 202: UploadProgress },
    errors: [...ofSessions, "UPLOADED_FILE_DELETED", "UPLOAD_LENGTH_TOO_LARGE", ...ofStoring],
  },
  sendPiece: {
    id: "send-piece",
    method: "PATCH",
    path: "/_sluice/resumable/:session",
    tag: "Uploads",
    summary: "Send a piece of a resumable upload",
    description:
      "The bytes are `application/offset+octet-stream`. The answer's offset counts only bytes that are safe on disk. With the last byte the " +
      "file is stored, and the answer is that of the upload: 204, or the refusal. GET has the upload's whole answer.",
    access: withUploadAddress,
    parameters: session,
    headers: { ...version, ...offset, ...laterLength, ...checksum },
    answers: { 204: null },
    answerHeaders: { ...offset, ...expires },
    errors: [
      ...ofSessions,
      "TUS_EXTENSION_UNSUPPORTED",
      "UPLOAD_OFFSET_WRONG",
      "UPLOAD_LENGTH_TOO_LARGE",
      ...ofPieces,
      ...ofStoring,
    ],
  },
  deleteResumableUpload: {
    id: "delete-resumable-upload",
    method: "DELETE",
    path: "/_sluice/resumable/:session",
    tag: "Uploads",
    summary: "Delete the session of a resumable upload",
    description:
      "Before the end of the upload, everything that has come is discarded. After it, only the session goes: never the file.",
    access: withUploadAddress,
    parameters: session,
    headers: version,
    answers: { 204: null },
    errors: [...ofSessions],
  },
  callResumableUpload: {
    id: "call-resumable-upload",
    method: "POST",
    path: "/_sluice/resumable/:session",
    tag: "Uploads",
    summary: "Send a request of another method to a resumable upload",
    description: "For clients that can only POST: `X-HTTP-Method-Override` names PATCH, HEAD or DELETE.",
    access: withUploadAddress,
    parameters: session,
    headers: { ...version, ...override, ...offset, ...laterLength, ...checksum },
    answers: { 200: null, 204: null },
    answerHeaders: { ...offset, ...expires },
    errors: [
      ...ofSessions,
      "METHOD_NOT_ALLOWED",
      "TUS_EXTENSION_UNSUPPORTED",
      "UPLOAD_OFFSET_WRONG",
      "UPLOAD_LENGTH_TOO_LARGE",
      ...ofPieces,
      ...ofStoring,
    ],
  },
} as const satisfies Readonly<Record<string, Operation>>;
