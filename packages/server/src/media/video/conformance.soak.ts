import { defaultLimits } from "../../config/limits.ts";
import { hasFfmpeg } from "../testing/clips.ts";
import { describeConformance } from "./testing/conformance.ts";
import { openVideoEngine } from "./video-engine.ts";

const canRun = hasFfmpeg || process.env.CI === "true";

describeConformance("the system's FFmpeg", () => openVideoEngine({ ffmpeg: "auto", limits: defaultLimits }), canRun);
describeConformance("@sluice/video", () => openVideoEngine({ ffmpeg: "embedded", limits: defaultLimits }), canRun);
