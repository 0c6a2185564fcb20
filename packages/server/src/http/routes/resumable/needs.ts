import type { Config } from "../../../config/config.ts";
import type { Metrics } from "../../../observability/metrics.ts";
import type { ResumableServices } from "../../../upload/resumable/needs.ts";

export interface ResumableRoutesNeeds extends ResumableServices {
  readonly config: ResumableServices["config"] & Pick<Config, "limits">;
  readonly metrics: ResumableServices["metrics"] & Pick<Metrics, "pieceBytes" | "pieces">;
}
