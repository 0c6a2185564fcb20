import { takeTurns } from "../take-turns.ts";
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

export async function runVideoRounds(
  bench: VideoBench,
  [name, scenario]: readonly [VideoScenarioName, VideoScenario],
  { rounds, onMeasured }: VideoRoundsOptions,
): Promise<VideoScenarioResult> {
  const measurements = await takeTurns<VideoSubjectName, VideoMeasurement>({
    rounds,
    names: scenario.subjects,
    measure: (subject) => measureVideo(bench, subject, scenario),
    onMeasured,
  });
  return { scenario: name, subjects: measurements };
}
