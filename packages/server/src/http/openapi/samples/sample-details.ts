import type { SampleText } from "./sample-text.ts";

/** The parts of a code sample that the example of its operation does not have. */
export interface SampleDetails {
  readonly path?: Readonly<Record<string, SampleText>>;
  readonly query?: Readonly<Record<string, SampleText>>;
  readonly headers?: Readonly<Record<string, SampleText>>;
  /** A body that is neither JSON nor a form. */
  readonly bytes?: string;
  /** A header of the answer that the sample shows. */
  readonly shows?: string;
  /** The name of the file that the answer is saved as. */
  readonly savedAs?: string;
}

const tus = { "Tus-Resumable": "1.0.0" };
const octets = { ...tus, "Content-Type": "application/offset+octet-stream" };
const days = { startDate: "2026-01-01", endDate: "2026-01-31" };

/** The details by the id of the operation. Most samples have none. */
export const sampleDetails: Readonly<Record<string, SampleDetails>> = {
  "create-resumable-upload": {
    headers: { ...tus, "Upload-Length": "10", "Upload-Metadata": `fileName ${btoa("pieces.txt")}` },
    shows: "location",
  },
  "send-piece": { headers: { ...octets, "Upload-Offset": "0" }, bytes: "hello", shows: "upload-offset" },
  "call-resumable-upload": {
    headers: { ...octets, "Upload-Offset": "5", "X-HTTP-Method-Override": "PATCH" },
    bytes: "world",
    shows: "upload-offset",
  },
  "delete-resumable-upload": { headers: tus },
  "list-and-search-assets": { query: { searchQuery: 'tags IN ["balloon"]', limit: "10" } },
  "list-marks": { query: { path: "/", sort: "ASC_NAME" } },
  "list-tags": { query: { beginning: "ba" } },
  "get-metadata-from-url": { query: { url: "‹FILE_URL›" } },
  "get-usage": { query: days },
  "get-usage-analytics": { query: days },
  "get-daily-usage": { query: days },
  "get-trashed-thumbnail": { query: { side: "160" }, savedAs: "thumbnail.jpg" },
  "deliver-file": { path: { imagekitId: "demo", path: "balloon.jpg" }, query: { tr: "w-300" }, savedAs: "small.jpg" },
};

/** The operations without a code sample, each with the reason. */
export const withoutSamples: Readonly<Record<string, string>> = {
  "download-zip": "its URL is in the answer of create-zip-download, as a whole",
  "open-preview": "its URL is in the answer of make-previews, as a whole",
  "get-extension-content": "its URL is in the request to an extension's endpoint, as a whole",
  "sign-in-to-console": "for pages of the console",
  "get-console-session": "for pages of the console",
  "sign-out-of-console": "for pages of the console",
  "mint-console-token": "for pages of the console",
  "mint-demo-token": "for the demo page",
};
