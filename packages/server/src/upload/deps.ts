import type { AccountsByKey } from "../accounts/accounts-by-key.ts";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { AiProviders } from "../delivery/renditions/ai/ai-provider.ts";
import type { ExtensionDeps } from "../extensions/deps.ts";
import type { NamedTransformations } from "../library/named-transformations/named-transformations.ts";
import type { ImageEngine } from "../media/image/image-engine.ts";
import type { VideoEngine } from "../media/video/video-engine.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { FreeSpace } from "../storage/free-space.ts";
import type { VirusScanner } from "../virus-scan/virus-scanner.ts";
import type { UploadAdmission } from "./form/admission/upload-admission.ts";
import type { UploadsUnderWay } from "./outcome/uploads-under-way.ts";
import type { UnknownParameters } from "./resolve/unknown-parameters.ts";

/**
 * The parts that the composition root gives to uploads: their own parts, and the parts of the extensions that they wait
 * for.
 */
export interface UploadDeps extends ExtensionDeps {
  readonly admission: UploadAdmission;
  readonly ai: Pick<AiProviders, "effects" | "unsigned">;
  readonly config: ExtensionDeps["config"] & Pick<Config, "databaseUrl" | "imagekitId" | "v1Uploads" | "workers">;
  readonly database: Database;
  readonly freeSpace: Pick<FreeSpace, "assert" | "distrust">;
  readonly images: Pick<
    ImageEngine,
    "assertRoom" | "detect" | "detects" | "fingerprint" | "readHeader" | "render" | "tag"
  >;
  readonly videos: Pick<VideoEngine, "limits" | "probe" | "program">;
  readonly accountsByKey: AccountsByKey;
  readonly metrics: Pick<Metrics, "uploadBytes">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
  readonly scanner: Pick<VirusScanner, "assertReady" | "maxBytes" | "scan">;
  readonly unknownParameters: Pick<UnknownParameters, "warn">;
  readonly uploadsUnderWay: Pick<UploadsUnderWay, "begin" | "endOf">;
}

/** The parts that storing a file needs. */
export type StoreDeps = Omit<UploadDeps, "accountsByKey" | "admission" | "unknownParameters" | "uploadsUnderWay">;

/** The parts that making an upload's file needs, whether a request or a job makes it. */
export type PrepareDeps = Omit<StoreDeps, "logger" | "publicUrl">;
