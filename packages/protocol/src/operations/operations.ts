import { cache } from "./cache.ts";
import { consoleOperations } from "./console.ts";
import { deliverySwitches } from "./delivery-switches.ts";
import { diagnosis } from "./diagnosis.ts";
import { files } from "./files.ts";
import { folders } from "./folders.ts";
import { jobs } from "./jobs.ts";
import { keyPairs } from "./key-pairs.ts";
import { links } from "./links.ts";
import { metadata } from "./metadata.ts";
import { namedTransformations } from "./named-transformations.ts";
import type { Operation } from "./operation.ts";
import { organising } from "./organising.ts";
import { origins } from "./origins.ts";
import { resumableUploads } from "./resumable-uploads.ts";
import { savedExtensions } from "./saved-extensions.ts";
import { server } from "./server.ts";
import { trash } from "./trash.ts";
import { uploads } from "./uploads.ts";
import { urlEndpoints } from "./url-endpoints.ts";
import { usage } from "./usage.ts";
import { webhooks } from "./webhooks.ts";
import { zipDownloads } from "./zip-downloads.ts";

/** Every operation that the server offers. Its routes are made from these records. */
export const operations = {
  ...uploads,
  ...resumableUploads,
  ...files,
  ...organising,
  ...zipDownloads,
  ...folders,
  ...trash,
  ...metadata,
  ...namedTransformations,
  ...savedExtensions,
  ...urlEndpoints,
  ...usage,
  ...origins,
  ...keyPairs,
  ...deliverySwitches,
  ...diagnosis,
  ...webhooks,
  ...jobs,
  ...cache,
  ...links,
  ...consoleOperations,
  ...server,
} as const satisfies Readonly<Record<string, Operation>>;
