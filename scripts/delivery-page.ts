import { deliverySwitches, printSwitch } from "../packages/server/src/accounts/delivery-switches.ts";
import { betweenMarkers } from "./between-markers.ts";

/** docs/delivery.md with its table of switches, from their records. */
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
