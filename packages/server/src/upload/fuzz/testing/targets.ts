import { checksTarget } from "./checks-target.ts";
import { contentTarget } from "./content-target.ts";
import { costlyMetadataTarget } from "./costly-metadata-target.ts";
import { customMetadataTarget } from "./custom-metadata-target.ts";
import { deliveryTarget } from "./delivery-target.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { jsonParametersTarget } from "./json-parameters-target.ts";
import { libraryTarget } from "./library-target.ts";
import { metadataTarget } from "./metadata-target.ts";
import { headerTarget, multipartTarget } from "./multipart-target.ts";
import { parametersTarget } from "./parameters-target.ts";
import { receiveTarget } from "./receive-target.ts";
import { tokenTarget } from "./token-target.ts";
import { uploadMetadataTarget } from "./upload-metadata-target.ts";

/** The targets for everything between a stranger's bytes and the disk, the cheapest first. */
export const targets: readonly FuzzTarget[] = [
  headerTarget,
  uploadMetadataTarget,
  parametersTarget,
  customMetadataTarget,
  jsonParametersTarget,
  checksTarget,
  libraryTarget,
  deliveryTarget,
  contentTarget,
  metadataTarget,
  costlyMetadataTarget,
  tokenTarget,
  multipartTarget,
  receiveTarget,
];
