import { measureEncode } from "./encode.ts";
import type { VideoMeasurement } from "./measurement.ts";
import { measureRequests } from "./requests.ts";
import type { VideoScenario } from "./scenarios.ts";
import type { VideoBench } from "./server.ts";
import { measureStills } from "./stills.ts";
import { type VideoSubject, type VideoSubjectName, videoSubjects } from "./subjects.ts";

type Measure = (bench: VideoBench, subject: VideoSubject, scenario: VideoScenario) => Promise<VideoMeasurement>;

const measures: Record<VideoScenario["work"], Measure> = {
  stills: measureStills,
  encode: measureEncode,
  requests: measureRequests,
};

export function measureVideo(
  bench: VideoBench,
  name: VideoSubjectName,
  scenario: VideoScenario,
): Promise<VideoMeasurement> {
  return measures[scenario.work](bench, videoSubjects[name], scenario);
}
