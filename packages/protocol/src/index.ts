export { type ErrorEntry, type ErrorReason, errorCatalogue, wireReasonOf } from "./error-catalogue.ts";
export { previewSides, previewSidesText } from "./preview-sides.ts";
export type { ErrorBody } from "./schemas/error-body.ts";
export type { UploadResponse } from "./schemas/upload.ts";
export { type ErrorArguments, type ErrorDetails, SluiceError } from "./sluice-error.ts";
export { maxTrashSearchLength } from "./trash-search.ts";
