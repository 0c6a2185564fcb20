import { deliverySwitches, printSwitch } from "../packages/server/src/accounts/delivery-switches.ts";
import { betweenMarkers } from "./between-markers.ts";

/** Updates the table of switches in docs/delivery.md from the switches' records. */
export function withSwitches(page: string): string {
  const rows = Object.values(deliverySwitches).map(
    ({ flag, values, standard, description }) =>
      `| \`--${flag}\` | ${values.replaceAll("_", "\\_")} | ${printSwitch(standard)} | ${description} |`,
  );
  return betweenMarkers(
    page,
    "switches",
    ["| switch | values | default | what |", "|---|---|---|---|", ...rows].join("\n"),
  );
}
