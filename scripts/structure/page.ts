import { betweenMarkers } from "../between-markers.ts";
import { floors, pairs } from "./floors.ts";

const width = 100;

/** Updates the picture of the floors in docs/architecture.md. */
export function withFloors(page: string): string {
  const edge = `+${"-".repeat(width)}+`;
  const boxes = floors.map((folders) => [...Object.entries(folders).map(line), edge]);
  const picture = ["```text", edge, ...boxes.flat(), "```"].join("\n");
  const exceptions = pairs.map(({ lower, upper, why }) => `- \`${lower}\` also imports from \`${upper}\`: ${why}`);
  return betweenMarkers(page, "floors", [picture, ...(exceptions.length > 0 ? ["", ...exceptions] : [])].join("\n"));
}

function line([folder, what]: [string, string]): string {
  const text = `| ${folder.padEnd(14)} ${what.replaceAll("`", "")}`;
  return `${text.padEnd(width + 1)}|`;
}
