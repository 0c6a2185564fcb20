import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { DemoNeeds } from "../web/demo/mint-token.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { AuthNeeds } from "./plugins/basic-auth.ts";
import type { RecorderNeeds } from "./plugins/request-metrics.ts";
import type { ConsoleRoutesNeeds } from "./routes/console/console-routes.ts";
import type { FieldsNeeds } from "./routes/custom-metadata-fields/needs.ts";
import type { DeliveryRouteNeeds } from "./routes/delivery.ts";
import type { DeliverySwitchesNeeds } from "./routes/delivery-switches/delivery-switches-routes.ts";
import type { DiagnosisNeeds } from "./routes/diagnosis/diagnosis-routes.ts";
import type { ExtensionContentNeeds } from "./routes/extensions/extension-content.ts";
import type { FilesNeeds } from "./routes/files/needs.ts";
import type { FoldersNeeds } from "./routes/folders/needs.ts";
import type { HealthNeeds } from "./routes/health.ts";
import type { HealthReportNeeds } from "./routes/health-report.ts";
import type { JobsRoutesNeeds } from "./routes/jobs/jobs-routes.ts";
import type { KeyPairsRoutesNeeds } from "./routes/key-pairs/key-pairs-routes.ts";
import type { LandingNeeds } from "./routes/landing.ts";
import type { MetadataNeeds } from "./routes/metadata/metadata-routes.ts";
import type { MetricsNeeds } from "./routes/metrics.ts";
import type { NamedTransformationsNeeds } from "./routes/named-transformations/needs.ts";
import type { OriginsNeeds } from "./routes/origins/needs.ts";
import type { PreviewRoutesNeeds } from "./routes/previews/needs.ts";
import type { PurgeRoutesNeeds } from "./routes/purge/needs.ts";
import type { ResumableRoutesNeeds } from "./routes/resumable/serve-session.ts";
import type { SavedExtensionsNeeds } from "./routes/saved-extensions/needs.ts";
import type { SweepNeeds } from "./routes/sweep.ts";
import type { TrashRoutesNeeds } from "./routes/trash/needs.ts";
import type { TrashThumbnailNeeds } from "./routes/trash/thumbnail-route.ts";
import type { UploadRoutesNeeds } from "./routes/upload.ts";
import type { UploadOutcomeNeeds } from "./routes/upload-outcome.ts";
import type { UrlEndpointsNeeds } from "./routes/url-endpoints/needs.ts";
import type { UsageRoutesNeeds } from "./routes/usage/usage-routes.ts";
import type { WebhooksRoutesNeeds } from "./routes/webhooks/webhooks-routes.ts";
import type { ZipDownloadsNeeds } from "./routes/zip-downloads/needs.ts";

interface AppNeeds extends RecorderNeeds {
  readonly config: Config;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** The parts that the composition root gives the HTTP side: the app's own needs and those of each of its routes. */
export type HttpNeeds = AppNeeds &
  AuthNeeds &
  UploadRoutesNeeds &
  UploadOutcomeNeeds &
  ResumableRoutesNeeds &
  FilesNeeds &
  FoldersNeeds &
  MetadataNeeds &
  FieldsNeeds &
  NamedTransformationsNeeds &
  SavedExtensionsNeeds &
  UrlEndpointsNeeds &
  OriginsNeeds &
  ExtensionContentNeeds &
  PurgeRoutesNeeds &
  UsageRoutesNeeds &
  KeyPairsRoutesNeeds &
  DeliverySwitchesNeeds &
  DiagnosisNeeds &
  TrashRoutesNeeds &
  TrashThumbnailNeeds &
  PreviewRoutesNeeds &
  WebhooksRoutesNeeds &
  JobsRoutesNeeds &
  HealthReportNeeds &
  SweepNeeds &
  ZipDownloadsNeeds &
  ConsoleRoutesNeeds &
  DeliveryRouteNeeds &
  DemoNeeds &
  HealthNeeds &
  MetricsNeeds &
  LandingNeeds;
