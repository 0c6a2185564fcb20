import type { Logger } from "pino";
import type { AccountsByKey } from "../accounts/accounts-by-key.ts";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { Compressor } from "../delivery/content-coding/compressor.ts";
import type { Originals } from "../delivery/origins/originals.ts";
import type { RememberedAnswers } from "../delivery/remembered-answers.ts";
import type { AiProviders } from "../delivery/renditions/ai/ai-provider.ts";
import type { RenditionCache } from "../delivery/renditions/kept/rendition-cache.ts";
import type { LaterRenditions } from "../delivery/renditions/later/later-renditions.ts";
import type { Origins } from "../endpoints/origins/origins.ts";
import type { SealedSecrets } from "../endpoints/origins/sealed-secrets.ts";
import type { UrlEndpoints } from "../endpoints/url-endpoints/url-endpoints.ts";
import type { ExtensionProviders } from "../extensions/provider.ts";
import type { Lifecycle } from "../http/lifecycle.ts";
import type { OwnedKind } from "../jobs/job-source.ts";
import type { CustomFields } from "../library/custom-metadata/custom-fields.ts";
import type { NamedTransformations } from "../library/named-transformations/named-transformations.ts";
import type { ImageEngine } from "../media/image/image-engine.ts";
import type { VideoEngine } from "../media/video/video-engine.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { RefusalBook } from "../refusals/refusal.ts";
import type { Spool } from "../spool/spool.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { FreeSpace } from "../storage/free-space.ts";
import type { UploadAdmission } from "../upload/form/admission/upload-admission.ts";
import type { UploadsUnderWay } from "../upload/outcome/uploads-under-way.ts";
import type { UnknownParameters } from "../upload/resolve/unknown-parameters.ts";
import type { LeaseOwner } from "../upload/resumable/lease-owner.ts";
import type { UsageCounts } from "../usage/usage-counts.ts";
import type { VirusScanner } from "../virus-scan/virus-scanner.ts";

/** The parts that the composition root builds and hands to the code that needs them. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly accountsByKey: AccountsByKey;
  readonly namedTransformations: NamedTransformations;
  readonly urlEndpoints: UrlEndpoints;
  readonly sealedSecrets: SealedSecrets;
  readonly origins: Origins;
  readonly originals: Originals;
  readonly customFields: CustomFields;
  readonly blobs: BlobStore;
  readonly spool: Spool;
  readonly freeSpace: FreeSpace;
  readonly admission: UploadAdmission;
  readonly uploadsUnderWay: UploadsUnderWay;
  readonly unknownParameters: UnknownParameters;
  readonly leaseOwner: LeaseOwner;
  readonly images: ImageEngine;
  readonly videos: VideoEngine;
  readonly extensions: ExtensionProviders;
  readonly ai: AiProviders;
  readonly later: LaterRenditions;
  readonly scanner: VirusScanner;
  readonly derived: RenditionCache;
  readonly rememberedAnswers: RememberedAnswers;
  readonly compressor: Compressor;
  readonly metrics: Metrics;
  readonly refusals: RefusalBook;
  readonly usageCounts: UsageCounts;
  readonly logger: Logger;
  /** The kinds of jobs that may belong to an account. */
  readonly jobKinds: readonly OwnedKind[];
  readonly lifecycle: Lifecycle;
  /** The secret of the link to the demo page, the same in all processes of one start. */
  readonly demoSecret: string;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /**
   * The address under which clients reach this server, without a trailing slash. It is known once the server listens.
   */
  readonly publicUrl: () => string;
}
