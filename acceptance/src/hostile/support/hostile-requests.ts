import fc, { type Arbitrary } from "fast-check";
import { basic } from "../../harness/upload.ts";
import type { HostileRequest } from "./hostile-request.ts";
import { upload } from "./hostile-uploads.ts";
import { text } from "./hostile-values.ts";
import { pictureRequest } from "./picture-requests.ts";

/** Text that a header may hold: Latin-1 without control characters. */
const headerText = text.map((value) => [...Buffer.from(value).toString("latin1")].filter(isPrintable).join(""));

function isPrintable(character: string): boolean {
  return (character >= " " && character <= "~") || character >= "\xa0";
}

const queryName = fc.constantFrom(
  "type",
  "sort",
  "path",
  "limit",
  "skip",
  "fileType",
  "searchQuery",
  "cursor",
  "startAt",
  "duplicatesOf",
  "similarTo",
  "tr",
  "ik-s",
  "ik-t",
  "ik-obj-version",
  "updatedAt",
  "ik-attachment",
  "ik-attachment-filename",
  "url",
  "__proto__",
);
const query = fc
  .array(
    fc.tuple(
      queryName,
      fc.oneof(
        text.map(encodeURIComponent),
        fc.constantFrom("file", "ASC_NAME", "1", "n-ik_ml_thumbnail", "orig-true", "%", "%zz", "a".repeat(40)),
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`));
const segment = fc.oneof(
  fc.constantFrom(
    "demo",
    "v1",
    "files",
    "a.jpg",
    "..",
    "%2e%2e",
    ".",
    "",
    "tr:w-1",
    "tr:n-ik_ml_thumbnail",
    "ik-seo",
    "_sluice",
    "details",
    "metadata",
    "versions",
    "0123456789abcdef01234567",
    "%",
    "%c0%ae",
    "a;b",
    "\\",
    "*",
  ),
  text.map(encodeURIComponent),
);
const path = fc.oneof(
  fc.constantFrom(
    ...["/demo/a.jpg", "/demo/b.txt", "/demo/tr:n-ik_ml_thumbnail/a.jpg", "/v1/files", "/v1/metadata", "/health"],
    "/_sluice/sweep",
  ),
  fc
    .tuple(fc.constantFrom("/demo/", "/v1/files/", "/", "/_sluice/demo/"), fc.array(segment, { maxLength: 4 }))
    .map(([start, rest]) => start + rest.join("/")),
);
const target = fc.tuple(path, query).map(([start, end]) => start + end);
const headers = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "range",
        "accept",
        "if-none-match",
        "if-modified-since",
        "if-range",
        "origin",
        "access-control-request-headers",
        "x-forwarded-for",
        "host",
        "cookie",
        "authorization",
      ),
      headerText,
    ),
    { maxLength: 3 },
  )
  .map((pairs) => ({ authorization: basic, ...Object.fromEntries(pairs) }));

const other: Arbitrary<HostileRequest> = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT", "POST", "TRACE", "PURGE"),
  target,
  headers,
  body: fc.constantFrom(undefined, undefined, Buffer.from("{}"), Buffer.from("[1]"), Buffer.alloc(3000, "{")),
  chunked: fc.boolean(),
});

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc
    .dictionary(
      fc.constantFrom(
        ...["tags", "description", "customCoordinates", "customMetadata", "removeAITags", "extensions", "webhookUrl"],
        ...["publish", "isPublished", "__proto__"],
      ),
      fc.oneof(text, fc.boolean(), fc.array(text, { maxLength: 3 }), fc.record({ isPublished: fc.boolean() })),
      { maxKeys: 2 },
    )
    .map((value) => JSON.stringify(value)),
  text,
);

/** Bodies of the folder operations, whose paths are everything that a path may be. */
const folderBody = fc
  .dictionary(
    fc.constantFrom(
      ...["folderName", "parentFolderPath", "folderPath", "newFolderName", "sourceFolderPath", "destinationPath"],
      ...["includeVersions", "includeFileVersions", "purgeCache", "__proto__"],
    ),
    fc.oneof(text, fc.constantFrom("/", "/a", "/a/b", "/a/../b", "//a//", "..", "ik-seo"), fc.boolean(), fc.integer()),
    { maxKeys: 4 },
  )
  .map((value) => JSON.stringify(value));

/** Bodies of URL endpoints and origins. */
const endpointBody = fc
  .dictionary(
    fc.constantFrom(
      ...["description", "urlPrefix", "origins", "urlRewriter", "type", "name", "bucket", "prefix", "endpoint"],
      ...["baseUrl", "accessKey", "secretKey", "allowedHosts", "includeCanonicalHeader", "__proto__"],
    ),
    fc.oneof(
      text,
      fc.constantFrom("S3", "WEB_FOLDER", "WEB_PROXY", "toString", "https://www.example.com/", "http://0x7f.1/"),
      fc.boolean(),
      fc.array(text, { maxLength: 2 }),
      fc.record({ type: fc.constantFrom("IMGIX", "CLOUDINARY", "constructor") }),
    ),
    { maxKeys: 5 },
  )
  .map((value) => JSON.stringify(value));

const endpoint: Arbitrary<HostileRequest> = fc
  .tuple(
    fc.constantFrom("GET", "POST", "PUT", "DELETE"),
    fc.constantFrom("/v1/accounts/url-endpoints", "/v1/accounts/origins"),
    fc.constantFrom("", "/default", "/0123456789abcdef01234567", "/__proto__"),
    endpointBody,
  )
  .map(([method, group, id, body]) => ({
    method,
    target: group + id,
    headers: { authorization: basic, "content-type": "application/json" },
    body: method === "GET" ? undefined : Buffer.from(body),
    chunked: false,
  }));

const folder: Arbitrary<HostileRequest> = fc
  .tuple(
    fc.constantFrom(
      ["POST", "/v1/folder"],
      ["DELETE", "/v1/folder"],
      ["POST", "/v1/bulkJobs/copyFolder"],
      ["POST", "/v1/bulkJobs/moveFolder"],
      ["POST", "/v1/bulkJobs/renameFolder"],
      ["GET", "/v1/bulkJobs/0123456789abcdef01234567"],
      ["GET", "/v1/accounts/usage"],
      ["GET", "/v1/accounts/usage-analytics"],
      ["GET", "/v1/accounts/usage-daily"],
      ["GET", "/_sluice/refusals"],
      ["POST", "/_sluice/token-check"],
    ),
    fc.oneof({ weight: 4, arbitrary: folderBody }, { weight: 1, arbitrary: json }),
  )
  .map(([[method = "", target = ""], body]) => ({
    method,
    target,
    headers: { authorization: basic, "content-type": "application/json" },
    body: method === "GET" ? undefined : Buffer.from(body),
    chunked: false,
  }));

const paths = ["/a.jpg", "/b.txt", "a.jpg", "/", "/nobody", "..", "/a/../b", "/x/y"];

/** The members of requests that copy, move, rename, tag and delete files. */
const organising = fc.oneof(
  json,
  fc
    .dictionary(
      fc.constantFrom(
        ...["sourceFilePath", "destinationPath", "includeFileVersions", "filePath", "newFileName", "purgeCache"],
        ...["fileIds", "tags", "AITags", "__proto__"],
      ),
      fc.oneof(fc.constantFrom(...paths), text, fc.boolean(), fc.array(text, { maxLength: 3 })),
      { maxKeys: 3 },
    )
    .map((value) => JSON.stringify(value)),
);

const organise: Arbitrary<HostileRequest> = fc.record({
  method: fc.constantFrom("POST", "POST", "PUT"),
  target: fc.constantFrom(
    ...["copy", "move", "rename", "addTags", "removeTags", "removeAITags", "batch/deleteByFileIds"].map(
      (name) => `/v1/files/${name}`,
    ),
    "/_sluice/trash/restore",
    "/_sluice/trash/empty",
    "/_sluice/previews",
    "/_sluice/signed-urls",
    "/_sluice/webhooks",
    "/_sluice/webhooks/0123456789abcdef01234567/replay",
    "/_sluice/jobs/retry",
    "/_sluice/zip-downloads",
  ),
  headers: fc.constant({ authorization: basic, "content-type": "application/json" }),
  body: organising.map((value) => Buffer.from(value)),
  chunked: fc.boolean(),
});

const metadata = fc.oneof(
  headerText,
  fc
    .array(fc.tuple(fc.constantFrom("fileName", "folder", "checks", "token", "file", "__proto__", ""), text), {
      maxLength: 3,
    })
    .map((pairs) => pairs.map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`).join(",")),
);
const number = fc.oneof(headerText, fc.constantFrom("0", "1", "3", "-1", "9".repeat(20), "1e3", "0x1", "1, 1"));

/** Requests of the tus protocol, to the creation and to sessions that there aren't. */
const resumable: Arbitrary<HostileRequest> = fc.record({
  method: fc.constantFrom("POST", "POST", "POST", "PATCH", "HEAD", "GET", "DELETE", "OPTIONS", "PUT"),
  target: fc.oneof(
    fc.constantFrom("/_sluice/resumable", "/_sluice/resumable/", `/_sluice/resumable/${"A".repeat(43)}`),
    text.map((id) => `/_sluice/resumable/${encodeURIComponent(id)}`),
  ),
  headers: fc.record(
    {
      authorization: fc.constant(basic),
      "tus-resumable": fc.constantFrom("1.0.0", "1.0.0", "1.0.0", "0.2.2"),
      "upload-length": number,
      "upload-offset": number,
      "upload-metadata": metadata,
      "upload-checksum": fc.oneof(headerText, fc.constantFrom("sha1 AAAA", "md5 x", "sha256")),
      "upload-defer-length": number,
      "upload-concat": fc.oneof(headerText, fc.constantFrom("partial", "final;/a /b")),
      "x-http-method-override": fc.constantFrom("PATCH", "DELETE", "HEAD", "TRACE", "__proto__"),
      "content-type": fc.constantFrom("application/offset+octet-stream", "text/plain"),
    },
    { requiredKeys: ["tus-resumable", "authorization"] },
  ),
  body: fc.constantFrom(undefined, Buffer.from("abc"), Buffer.alloc(3000)),
  chunked: fc.boolean(),
});

/** @param fileIds the ids of existing files */
export function hostileRequest(fileIds: readonly string[]): Arbitrary<HostileRequest> {
  const patch: Arbitrary<HostileRequest> = fc
    .tuple(fc.constantFrom(...fileIds, "0123456789abcdef01234567"), json)
    .map(([id, body]) => ({
      method: "PATCH",
      target: `/v1/files/${id}/details`,
      headers: { authorization: basic, "content-type": "application/json" },
      body: Buffer.from(body),
      chunked: false,
    }));
  return fc.oneof(
    { weight: 5, arbitrary: upload },
    { weight: 4, arbitrary: other },
    { weight: 2, arbitrary: patch },
    { weight: 2, arbitrary: organise },
    { weight: 2, arbitrary: folder },
    { weight: 2, arbitrary: endpoint },
    { weight: 2, arbitrary: resumable },
    { weight: 2, arbitrary: pictureRequest },
  );
}
