/** A difference between the vendor's OpenAPI document and ours, with its reason. */
export interface Deviation {
  /** The subject, as a row of the table in docs/api-reference.md names it. */
  readonly what: string;
  /** `missing` is in the vendor's document alone, `added` in ours alone. */
  readonly kind: "added" | "missing";
  /** The facts that the row explains (facts.ts). */
  readonly facts: RegExp;
  readonly reason: string;
}

/** Every deviation. A difference that no row explains fails a test, and so does a row that explains none. */
export const deviations: readonly Deviation[] = [
  {
    what: "`allowedHosts` of a web proxy",
    kind: "added",
    facts: /\/origins.* allowedHosts$/,
    reason: "A web proxy reads hosts of this list, or signed URLs. The vendor's reads any host.",
  },
  {
    what: "`POST /v1/dummy/test`",
    kind: "missing",
    facts: /^POST \/v1\/dummy\/test$/,
    reason: "The vendor's generator of SDKs needs it. It serves nobody else.",
  },
  {
    what: "`selectedFieldsSchema` of files",
    kind: "missing",
    facts: /(?:200|data) ?\.?selectedFieldsSchema$/,
    reason: "An upload's answer has it on request. `GET /v1/customMetadataFields` tells it once for all files.",
  },
  {
    what: "207 of `POST /v1/files/batch/deleteByFileIds`",
    kind: "missing",
    facts: /deleteByFileIds · 207/,
    reason: "The files are deleted in one transaction: all of them, or none where an id has no file (404).",
  },
  {
    what: "members of `extensions`, of `config` and of `extensionStatus`",
    kind: "missing",
    facts: /(?:extensions|config|extensionStatus)\.[\w-]+$/,
    reason: "The operator decides which extensions there are, so that any member of an extension is taken and shown.",
  },
  {
    what: "400, 404, 408, 413, 431, 500, 503",
    kind: "added",
    facts: / · (?:400|404|408|413|431|500|503)$/,
    reason:
      "Refusals of requests that are no HTTP, too slow or too large, and failures of a server. The vendor's occur as well.",
  },
  {
    what: "423 when a folder is created or deleted",
    kind: "added",
    facts: /\/v1\/folder · 423$/,
    reason: "A job that copies, moves or renames the folder would otherwise work on a folder that changes under it.",
  },
  {
    what: "`reason`, `errors` and `missingFileIds` of refusals",
    kind: "added",
    facts: / · 207 (?:reason|errors|missingFileIds)$/,
    reason: "A program compares `reason`; the vendor's texts are for people.",
  },
  {
    what: "`done`, `total` and `purgeRequestId` of a folder's job",
    kind: "added",
    facts: /bulkJobs\/\{\} · 20[07] (?:done|total|purgeRequestId)$/,
    reason: "A page can show how far a job has got.",
  },
  {
    what: "`progress` of a folder's job and of a purge",
    kind: "added",
    facts: /(?:bulkJobs|files\/purge)\/\{\} · 200 progress$/,
    reason: "All jobs tell in the same way how far they are.",
  },
  {
    what: "`includeFileVersions` of `POST /v1/bulkJobs/copyFolder`",
    kind: "added",
    facts: /copyFolder · request includeFileVersions$/,
    reason: "The vendor's older SDKs send this name.",
  },
  {
    what: "`tags`, `name`, `includeFolder` of `GET /v1/files`",
    kind: "added",
    facts: /^GET \/v1\/files · query (?:tags|name|includeFolder)$/,
    reason: "The vendor's older SDKs send them.",
  },
  {
    what: "`cursor`, `startAt`, `count`, `duplicatesOf`, `similarTo` of `GET /v1/files`",
    kind: "added",
    facts: /^GET \/v1\/files · query (?:cursor|startAt|count|duplicatesOf|similarTo)$/,
    reason: "Pages of large libraries at the same cost each, and searches for equal and similar pictures.",
  },
  {
    what: "`description` of custom metadata fields, `schema.type` of their changes",
    kind: "added",
    facts: /customMetadataFields(?:\/\{\})? · (?:20[01]|request) (?:description|schema\.type)$/,
    reason: "A field can say what it is for. A change may repeat the type, which never changes.",
  },
  {
    what: "`overwriteDescription` and `orientation` of uploads",
    kind: "added",
    facts: /(?:request overwriteDescription|200 orientation|data\.orientation)$/,
    reason: "The vendor's dashboard sends the one, and examples of the vendor's answers have the other.",
  },
  {
    what: "`permanent` of deletions, `/_sluice/trash`, events `sluice.trash.*`",
    kind: "added",
    facts: / · query permanent$|^\w+ \/_sluice\/trash|^event sluice\.trash\./,
    reason: "The trash, where the operator has switched it on.",
  },
  {
    what: "named transformations, usage analytics",
    kind: "added",
    facts: /^\w+ \/v1\/(?:named-transformations|accounts\/usage-analytics)/,
    reason: "The vendor's SDKs have them. The vendor's document is older.",
  },
  {
    what: "usage by the day",
    kind: "added",
    facts: /^\w+ \/v1\/accounts\/usage-daily/,
    reason: "Charts need each day. Under `/v1` key pairs that may only read have it, as they have the usage of a time.",
  },
  {
    what: "`include` of `GET /v1/files`, with `dominantColor`",
    kind: "added",
    facts: /^GET \/v1\/files · (?:query include|200 dominantColor)$/,
    reason:
      "A page can show a picture's colour while the picture loads. Files have the member only where it is asked for.",
  },
  {
    what: "`GET /v1/files/tags`",
    kind: "added",
    facts: /^GET \/v1\/files\/tags$/,
    reason: "A field can complete a tag while it is typed.",
  },
  {
    what: "`GET /v1/files/marks`",
    kind: "added",
    facts: /^GET \/v1\/files\/marks$/,
    reason: "A scroll bar that jumps to any place of a large folder.",
  },
  {
    what: "`/_sluice/**` but the trash, `/`, `/console`, `/health`, `/health/live`, `/metrics`, `/docs/**`, `/openapi.json`",
    kind: "added",
    facts: /^\w+ \/(?:_sluice\/(?!trash)|$|console$|health(?:\/live)?$|metrics$|docs(?:\/|$)|openapi\.json$)/,
    reason: "Sluice's own.",
  },
  {
    what: "delivery",
    kind: "added",
    facts: /^GET \/\{\}\/\{\}$/,
    reason: "The vendor's document leaves delivery out.",
  },
];
