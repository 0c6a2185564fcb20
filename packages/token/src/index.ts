export { appendParameters, canonicalParameters } from "./canonical.ts";
export type { CorsOptions } from "./handler/cors.ts";
export { type FastifyReplyLike, type FastifyRequestLike, toFastifyHandler } from "./handler/fastify-handler.ts";
export { checksText, type FileChecks } from "./handler/file-checks.ts";
export { toNodeListener } from "./handler/node-listener.ts";
export type { NodeRequest, NodeResponse } from "./handler/node-message.ts";
export type { UploadPolicy } from "./handler/policy.ts";
export type { RefusalReason } from "./handler/refusal.ts";
export {
  type FetchHandler,
  type UploadTokenHandlerOptions,
  uploadTokenHandler,
} from "./handler/upload-token-handler.ts";
export {
  type InspectOptions,
  inspectUploadToken,
  type TokenCheck,
  type TokenCheckName,
  type TokenInspection,
} from "./inspect.ts";
export type { KeyPair } from "./key-pair.ts";
export { type LifetimeLimits, MAX_LIFETIME } from "./lifetime.ts";
export {
  type Claims,
  compareField,
  describeDifferences,
  type MatchOptions,
  matchPayload,
  type PayloadDifferences,
} from "./match.ts";
export { createUploadToken, type MintOptions } from "./mint.ts";
export { MAX_TOKEN_LENGTH } from "./parse.ts";
export { isListParameter, joinList } from "./repeated-lists.ts";
export type { TokenCrypto } from "./signature.ts";
export type {
  ParameterValue,
  PostTransformation,
  UploadParameters,
  UploadTransformation,
} from "./upload-parameters.ts";
export {
  type TokenProblem,
  type TokenTimes,
  UploadTokenError,
  type UploadTokenErrorCode,
} from "./upload-token-error.ts";
export { createV1Signature, isV1Token, type V1Signature, type V1SignatureOptions } from "./v1-signature.ts";
export { type FindPrivateKey, type VerifiedUploadToken, type VerifyOptions, verifyUploadToken } from "./verify.ts";
