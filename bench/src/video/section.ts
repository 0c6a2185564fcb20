import { disturbance } from "../calmly.ts";
import { percent, table, withSpread } from "../report/cells.ts";
import { type Spread, spread } from "../report/statistics.ts";
import type { VideoScenarioResult } from "./rounds.ts";
import { type Figure, type VideoScenario, videoScenarios } from "./scenarios.ts";
import { type VideoSubjectName, videoSubjects } from "./subjects.ts";

/** A scenario's table, and its verdicts on the budgets. */
export function videoSection(result: VideoScenarioResult): string {
  const scenario: VideoScenario = videoScenarios[result.scenario];
  const columns = scenario.figures.flatMap((figure) => columnsOf(result, figure));
  const rows = [...result.subjects.keys()].map((subject) => [
    videoSubjects[subject].title,
    ...columns.map(({ cell }) => cell(subject)),
  ]);
  const header = ["", ...columns.map(({ head }) => head)];
  const verdicts = scenario.figures.flatMap((figure) => budgetLines(result, figure));
  return [`### ${scenario.title}`, table(header, rows), [disturbanceLine(result), ...verdicts].join("\n")].join("\n\n");
}

interface Column {
  readonly head: string;
  readonly cell: (subject: VideoSubjectName) => string;
}

function columnsOf(result: VideoScenarioResult, figure: Figure): Column[] {
  const { base }: VideoScenario = videoScenarios[result.scenario];
  const own: Column = {
    head: figure.title,
    cell: (subject) => withSpread(spread(valuesOf(result, subject, figure)), figure.format),
  };
  if (base === undefined || figure.compared === undefined) return [own];
  const ratio: Column = {
    head: `times that of ${videoSubjects[base].title}`,
    cell: (subject) => withSpread(ratioOf(result, [subject, base], figure), times),
  };
  return [own, ratio];
}

function budgetLines(result: VideoScenarioResult, figure: Figure): string[] {
  const { base, subjects }: VideoScenario = videoScenarios[result.scenario];
  const { title, format, compared, budgets = {} } = figure;
  return subjects.flatMap((subject) => {
    const max = budgets[subject];
    if (max === undefined) return [];
    const isRatio = compared !== undefined && base !== undefined;
    const found = isRatio ? ratioOf(result, [subject, base], figure) : spread(valuesOf(result, subject, figure));
    const verdict = found.median <= max ? "kept" : "missed";
    const bound = isRatio ? `${times(max)} times that of ${videoSubjects[base].title}` : format(max);
    const told = withSpread(found, isRatio ? times : format);
    return [`- Budget: ${videoSubjects[subject].title}, ${title} at most ${bound}: ${verdict}, ${told}.`];
  });
}

function valuesOf({ subjects }: VideoScenarioResult, subject: VideoSubjectName, { of }: Figure): number[] {
  return (subjects.get(subject) ?? []).map(of);
}

/** The ratio of one subject's figure to the base's, round by round. */
function ratioOf(
  result: VideoScenarioResult,
  [subject, base]: readonly [VideoSubjectName, VideoSubjectName],
  figure: Figure,
): Spread {
  const bases = valuesOf(result, base, figure);
  return spread(valuesOf(result, subject, figure).map((value, round) => value / (bases[round] ?? Number.NaN)));
}

function times(ratio: number): string {
  return ratio.toFixed(2);
}

function disturbanceLine({ subjects }: VideoScenarioResult): string {
  const others = [...subjects.values()].flat().map(disturbance);
  return `- Others took ${percent(spread(others).median)} of the cores at the median, ${percent(Math.max(...others))} at most.`;
}
