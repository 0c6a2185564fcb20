import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { ContentDeps } from "../library/content/enter-content.ts";
import type { CustomFields } from "../library/custom-metadata/custom-fields.ts";
import type { ImageEngine } from "../media/image/image-engine.ts";
import type { Spool } from "../spool/spool.ts";
import type { VirusScanner } from "../virus-scan/virus-scanner.ts";
import type { ExtensionProviders } from "./provider.ts";

/** The parts that the composition root passes to extensions. */
export interface ExtensionDeps extends Omit<ContentDeps, "config" | "database"> {
  readonly config: Pick<Config, "allowPrivateNetworks" | "autoTagging" | "extensions" | "fileSize" | "limits">;
  readonly customFields: Pick<CustomFields, "of">;
  readonly database: Database;
  readonly extensions: Pick<ExtensionProviders, "find">;
  readonly images: Pick<ImageEngine, "render" | "tag" | "readHeader">;
  readonly logger: Pick<Logger, "warn">;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
  readonly scanner: Pick<VirusScanner, "scan">;
  readonly spool: Pick<Spool, "create">;
}
