import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { Compressor } from "../content-coding/compressor.ts";
import type { AiProviders } from "../renditions/ai/ai-provider.ts";
import type { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import type { LaterRenditions } from "../renditions/later/later-renditions.ts";
import type { DetectionDeps } from "../renditions/pictures/detections/kept-detections.ts";

/** The parts that the answers need. */
export interface AnswerDeps extends Pick<DetectionDeps, "database"> {
  readonly blobs: Pick<BlobStore, "size" | "read" | "readWhole" | "redirect">;
  readonly images: Pick<ImageEngine, "render" | "detect" | "sanitise">;
  readonly videos: Pick<VideoEngine, "limits" | "program" | "probe" | "still" | "soundStill" | "sprite">;
  readonly derived: Pick<RenditionCache, "get" | "find">;
  readonly ai: Pick<AiProviders, "effects" | "unsigned">;
  readonly later: Pick<LaterRenditions, "ask" | "forget" | "wait">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  readonly compressor: Pick<Compressor, "suits" | "compress">;
}
