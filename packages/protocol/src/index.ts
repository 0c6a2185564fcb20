export { type ErrorEntry, type ErrorReason, errorCatalogue } from "./error-catalogue.ts";
export { type ErrorArguments, type ErrorBody, type ErrorDetails, SluiceError } from "./sluice-error.ts";
export type { UploadResponse } from "./upload-response.ts";
