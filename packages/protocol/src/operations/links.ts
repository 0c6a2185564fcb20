import { MadePreviews, PreviewsRequest, SignaturesRequest, SignedUrls } from "../schemas/link.ts";
import { managing } from "./access.ts";
import type { Operation } from "./operation.ts";

export const links = {
  makePreviews: {
    id: "make-previews",
    method: "POST",
    path: "/_sluice/previews",
    tag: "Files",
    summary: "Make links that show private files and drafts for some minutes",
    description:
      "Each link opens one version. It ends with the key pair that has asked for it. The account's rules for addresses, " +
      "referrers and countries don't apply to it.",
    access: managing,
    body: PreviewsRequest,
    answers: { 200: MadePreviews },
    errors: ["PARAMETER_INVALID"],
  },
  signUrls: {
    id: "sign-urls",
    method: "POST",
    path: "/_sluice/signed-urls",
    tag: "Files",
    summary: "Sign delivery URLs of a file",
    description:
      "The signatures are those of the official SDKs. A URL opens what has the file's path, in this one transformation, " +
      "until its time is over or the key pair ends that has asked for it. Drafts have no URL.",
    access: managing,
    body: SignaturesRequest,
    answers: { 200: SignedUrls },
    errors: ["PARAMETER_INVALID", "FILE_NOT_FOUND", "FILE_VERSION_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
