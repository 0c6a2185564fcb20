import { Type } from "typebox";

const id = (description: string) => Type.String({ pattern: "^[0-9a-f]{24}$", description });

export const fileId = id("The file's id.");
export const versionId = id("The version's id: the id of the member versionInfo of a file.");
export const jobId = id("The jobId of the answer that began the job.");
export const requestId = Type.String({ description: "The requestId of the answer to the purge." });
export const keyPairId = id("The key pair's id.");
export const consoleSessionId = id("The session's id.");
export const webhookEndpointId = id("The endpoint's id.");
export const webhookAttemptId = id("The attempt's id.");
export const fieldId = id("The field's id.");
export const namedTransformationId = id("The named transformation's id.");
export const savedExtensionId = Type.String({
  pattern: "^ext_[0-9a-f]{24}$",
  description: "The saved extension's id.",
});
export const urlEndpointId = Type.String({ description: "The URL endpoint's id; `default` for the default endpoint." });
export const originId = Type.String({ description: "The origin's id." });
