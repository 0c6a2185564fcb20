import { betweenMarkers } from "../between-markers.ts";
import { type Deviation, deviations } from "./deviations.ts";

/** Updates the table of deviations in docs/api-reference.md from their record. */
export function withDeviations(page: string): string {
  const rowsOf = (kind: Deviation["kind"]) =>
    deviations.filter((deviation) => deviation.kind === kind).map(({ what, reason }) => `| ${what} | ${reason} |`);
  const tables = [
    "Only in the vendor's document:\n",
    "| what | why |\n|---|---|",
    ...rowsOf("missing"),
    "\nOnly in Sluice's document:\n",
    "| what | why |\n|---|---|",
    ...rowsOf("added"),
  ];
  return betweenMarkers(page, "deviations", tables.join("\n"));
}
