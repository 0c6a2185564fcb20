import { type ErrorReason, errorCatalogue, wireReasonOf } from "../packages/protocol/src/error-catalogue.ts";
import { limitTable } from "../packages/server/src/config/limits.ts";
import { settings } from "../packages/server/src/config/settings.ts";
import { notBuiltOperations } from "../packages/server/src/http/routes/not-built/operations.ts";
import { betweenMarkers } from "./between-markers.ts";

/** Generates docs/errors.md from the error catalogue. */
export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([key, { status, message, help }]) =>
      `| \`${wireReasonOf(key as ErrorReason)}\` | ${status} | ${cell(message)} | ${cell(help)} |`,
  );
  return `# Errors

Every refusal of a JSON endpoint is \`{ "message", "help", "reason" }\`; \`reason\` is stable. Texts in braces are filled in.
This page is made from the error catalogue by \`npm run docs\`.

| reason | status | message | help |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** Generates docs/limits.md from the limits' records. */
export function limitsPage(): string {
  const rows = Object.values(limitTable).map(
    ({ name, standard, description, ...record }) =>
      `| \`${name}\`${"shared" in record ? " *" : ""} | ${standard} | ${cell(description)} |`,
  );
  return `# Limits

Each is set with \`--limit <name>=<value>\`, or several in \`SLUICE_LIMITS\`, separated by commas. Names that end in
\`-seconds\` are seconds, in \`-bytes\` bytes. How large a file may be is the plan's business: \`--plan\`,
\`--max-file-size\`, \`--max-video-size\`. With several processes (\`--workers\`), a limit with a star bounds all of them
together: each process gets its part, rounded up. This page is made from the table of limits by \`npm run docs\`.

| limit | default | what it bounds |
|---|---|---|
${rows.join("\n")}
`;
}

/** Updates the README's table of settings from the settings' records. */
export function withSettings(readme: string): string {
  const rows = Object.values(settings).map((setting) => {
    const { flag, environment, standard, description } = setting;
    // Even inside code, a bar ends the table's cell. An angle bracket needs no escape there.
    const argument = "argument" in setting ? ` ${setting.argument.replaceAll("|", "\\|")}` : "";
    return `| \`${flag}${argument}\` | \`${environment}\` | ${cell(standard)} | ${cell(description)} |`;
  });
  const table = ["| flag | environment | default | what |", "|---|---|---|---|", ...rows].join("\n");
  return betweenMarkers(readme, "settings", table);
}

/** Updates the README's table of operations that are not built, from their record. */
export function withNotBuilt(readme: string): string {
  const byWhat = Map.groupBy(notBuiltOperations, ({ what }) => what);
  const rows = [...byWhat].map(([what, operations]) => {
    const paths = operations.map(({ method, path }) => `\`${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}\``);
    return `| ${what} | ${paths.join(", ")} |`;
  });
  return betweenMarkers(readme, "not-built", ["| not built | operation |", "|---|---|", ...rows].join("\n"));
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
