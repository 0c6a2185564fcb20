import { Type } from "typebox";
import { ZipQuery, ZipSelection, ZipTicket } from "../schemas/zip-download.ts";
import { reading, withZipTicket } from "./access.ts";
import type { Operation } from "./operation.ts";

const ofSelections = [
  "FILES_NOT_FOUND",
  "FOLDER_NOT_FOUND",
  "ZIP_EMPTY",
  "ZIP_TOO_MANY_FILES",
  "ZIP_TOO_LARGE",
  "TOO_MANY_ZIP_DOWNLOADS",
] as const;

export const zipDownloads = {
  createZipDownload: {
    id: "create-zip-download",
    method: "POST",
    path: "/_sluice/zip-downloads",
    tag: "Files",
    summary: "Get a one-time address that downloads files and folders as one ZIP",
    description:
      "The address needs neither a key nor a session, works once and for a short time. The archive holds the current " +
      "versions as they are stored. Private files and drafts take a key pair with the role full. Files keep their folders below each " +
      "folder that was named; a name that comes twice gets a number.",
    access: reading,
    body: ZipSelection,
    answers: { 201: ZipTicket },
    errors: [
      "PARAMETER_INVALID",
      "FOLDER_NAME_IS_DOTS",
      ...ofSelections,
      "TOO_MANY_ZIP_TICKETS",
      "KEY_MAY_NOT_READ_HIDDEN",
    ],
  },
  downloadZip: {
    id: "download-zip",
    method: "GET",
    path: "/_sluice/zip-downloads",
    tag: "Files",
    summary: "Download files and folders as one ZIP",
    description:
      "The archive is not compressed, and `content-length` is its exact size. A download that ends early is not whole: a " +
      "file has gone meanwhile, or the storage has failed. A ticket is used up once the archive begins.",
    access: withZipTicket,
    query: ZipQuery,
    answers: { 200: Type.Unsafe<unknown>({ contentMediaType: "application/zip", description: "The archive." }) },
    errors: ["ZIP_TICKET_INVALID", ...ofSelections, "KEY_MAY_NOT_READ_HIDDEN"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
