import { calmly } from "../calmly.ts";
import { measureVideo } from "./measure.ts";
import type { VideoMeasurement } from "./measurement.ts";
import type { VideoScenario, VideoScenarioName } from "./scenarios.ts";
import type { VideoBench } from "./server.ts";
import type { VideoSubjectName } from "./subjects.ts";

export interface VideoScenarioResult {
  readonly scenario: VideoScenarioName;
  /** One measurement for each round. All subjects have the rounds in the same order. */
  readonly subjects: ReadonlyMap<VideoSubjectName, readonly VideoMeasurement[]>;
}

export interface VideoRoundsOptions {
  readonly rounds: number;
  /** Called after each run. */
  readonly onMeasured: (name: VideoSubjectName, measurement: VideoMeasurement) => void;
}

/** Runs the subjects in turn, as `runRounds` does for uploads. */
export async function runVideoRounds(
  bench: VideoBench,
  [name, scenario]: readonly [VideoScenarioName, VideoScenario],
  { rounds, onMeasured }: VideoRoundsOptions,
): Promise<VideoScenarioResult> {
  const measurements = new Map<VideoSubjectName, VideoMeasurement[]>(scenario.subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [subject, list] of measurements) {
      const measurement = await calmly(() => measureVideo(bench, subject, scenario));
      list.push(measurement);
      onMeasured(subject, measurement);
    }
  }
  return { scenario: name, subjects: measurements };
}
