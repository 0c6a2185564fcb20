import { expect } from "vitest";
import type { Answer } from "./upload.ts";

/** The catalogue's reasons whose message is fixed word for word, for compatibility (docs/protocol/upload.md §11). */
const verbatim = {
  SIGNATURE_AND_BASIC_AUTH:
    "Your request contains both signature and basic auth parameter. Use only one method, you might be exposing your private API key.",
  TOKEN_AND_BASIC_AUTH:
    "Your request contains both token and basic auth parameter. Use only one method, you might be exposing your private API key.",
  PAYLOAD_MISMATCH: "Your request contains invalid payload. It does not match with the payload used to generate token.",
  TOKEN_MISSING: "Your request is missing token parameter.",
  TOKEN_EXPIRED: "Your request contains expired token.",
  TOKEN_INVALID: "Your request has invalid token.",
  TOKEN_USED: "The token has been used before.",
  SIGNATURE_MISSING: "Your request is missing signature parameter.",
  SIGNATURE_INVALID: "Your request contains invalid signature parameter.",
  EXPIRE_INVALID:
    "Your request contains invalid expire parameter. Expire parameter should be a Unix time in less than 1 hour into the future.",
  FILE_MISSING: "Your request is missing file parameter.",
  FILE_NAME_MISSING: "Your request is missing fileName parameter.",
  FILE_ALREADY_EXISTS:
    "A file with the same name already exists at the exact location. We could not overwrite it because both overwriteFile and useUniqueFileName are set to false.",
  CHECKS_INVALID: "Your request contains invalid syntax for the checks parameter.",
  CHECKS_FAILED: "Your request failed 'checks' validation.",
  STORAGE_LIMIT_EXCEEDED: "Upload Limit Exceeded.",
  TRANSFORMATION_INVALID: "The file could not be uploaded because the transformation field is invalid.",
  TRANSFORMATION_NOT_FOR_FILE:
    "The file could not be uploaded because transformations are supported only for image and video files.",
  POST_TRANSFORMATION_UNFIT:
    "The file could not be uploaded because the detected file type & post-transformation are incompatible.",
  FOLDER_INVALID: "Your request contains invalid value for folder parameter.",
  PRIVATE_KEY_MISSING: "Your request does not contain private API key.",
  ACCOUNT_NOT_AUTHENTICATED: "Your account cannot be authenticated.",
  PRIVATE_KEY_EXPIRED: "Your request contains expired private API key.",
  ACCOUNT_DISABLED: "Your account is disabled.",
} as const;

/** Expects this refusal, word for word where the specification fixes the message. */
export function expectRefusal(answer: Pick<Answer, "status" | "body">, status: number, reason: string): void {
  expect(answer.body).toMatchObject({ reason });
  expect(answer.status).toBe(status);
  const message = (verbatim as Readonly<Record<string, string>>)[reason];
  if (message !== undefined) expect(answer.body.message).toBe(message);
  expect(answer.body.message).toEqual(expect.any(String));
  expect(answer.body.help).toEqual(expect.any(String));
}

/** Expects an upload response. */
export function expectStored(answer: Pick<Answer, "status" | "body">): void {
  expect(answer.body).toMatchObject({ fileId: expect.stringMatching(/^[0-9a-f]{24}$/) });
  expect(answer.status).toBe(200);
}

/** Expects the answer that the server can't store now, with the time to retry after. */
export function expectUnavailable(answer: Answer, reason = "STORAGE_UNAVAILABLE"): void {
  expectRefusal(answer, 503, reason);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
}
