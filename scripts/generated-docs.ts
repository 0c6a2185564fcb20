import { type ErrorReason, errorCatalogue, wireReasonOf } from "../packages/protocol/src/error-catalogue.ts";
import { limitTable } from "../packages/server/src/config/limits.ts";
import { type ShownSetting, settings } from "../packages/server/src/config/settings.ts";
import { betweenMarkers } from "./between-markers.ts";

/** Generates docs/errors.md from the error catalogue. */
export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([key, { status, message, help }]) =>
      `| \`${wireReasonOf(key as ErrorReason)}\` | ${status} | ${cell(message)} | ${cell(help)} |`,
  );
  return `# Errors

This page lists every error of a JSON endpoint by its \`reason\`, with what to do. An error looks like this:

\`\`\`json
{
  "message": "${errorCatalogue.TOKEN_USED.message}",
  "help": "${errorCatalogue.TOKEN_USED.help}",
  "reason": "TOKEN_USED"
}
\`\`\`

\`reason\` is stable, so compare it in your code. Texts in braces are filled in. Errors of delivery URLs are in
[Delivery](delivery.md#order-of-checks), those of transformations in
[Image transformations](transformations.md#errors-and-their-messages). This page is made from the error catalogue by
\`npm run docs\`.

| reason | status | message | help |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** Generates docs/limits.md from the limits' records. */
export function limitsPage(): string {
  const rows = Object.values(limitTable).map(
    ({ name, standard, min, description, ...record }) =>
      `| \`${name}\`${"shared" in record ? " *" : ""} | ${standard} | ${min} | ${withLinks(cell(description))} |`,
  );
  return `# Limits

This page lists every limit of a server that an operator can change.

\`\`\`sh
sluice serve --limit uploads=100 --limit storage-bytes=10737418240
SLUICE_LIMITS=uploads=100,storage-bytes=10737418240 sluice serve          # the same
\`\`\`

- Names that end in \`-seconds\` are seconds. Names that end in \`-bytes\` are bytes.
- 0 switches a limit off only where the table says "0 for none" or "0 for no limit". For
  other limits, the table says what 0 does.
- With several processes (\`--workers\`), a limit with a star bounds all of them together. Each process gets its part, rounded
  up.

This page is made from the table of limits by \`npm run docs\`.

## Maximum file size

The plan decides how large a file may be: 25 MiB, and 300 MiB for a video, unless \`--plan\` names another one.
\`--max-file-size\` and \`--max-video-size\` set other sizes, in bytes. A larger file is refused with \`FILE_TOO_LARGE\`.

\`\`\`sh
sluice serve --max-file-size 104857600 --max-video-size 1073741824        # 100 MiB, and 1 GiB for videos
\`\`\`

A proxy in front may have [a limit of its own](reverse-proxy.md#when-something-goes-wrong).

## All limits

| limit | default | minimum | what it bounds |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** Updates the table of docs/configuration.md from the settings' records. */
export function withSettings(page: string): string {
  const rows = Object.values<ShownSetting>(settings).map((setting) => {
    const { flag, environment, platformEnvironment: platform, standard, description } = setting;
    const variables = platform === undefined ? `\`${environment}\`` : `\`${environment}\`, else \`${platform}\``;
    // Even inside code, a bar ends the table's cell. An angle bracket needs no escape there.
    const argument = setting.argument !== undefined ? ` ${setting.argument.replaceAll("|", "\\|")}` : "";
    return `| \`${flag}${argument}\` | ${variables} | ${withLinks(cell(standard))} | ${withLinks(cell(description))} |`;
  });
  const table = ["| flag | environment | default | what |", "|---|---|---|---|", ...rows].join("\n");
  return betweenMarkers(page, "settings", table);
}

/** Turns the paths of pages, such as `docs/storage.md`, into links of a page beside them. */
function withLinks(text: string): string {
  return text.replaceAll(/docs\/((?:[\w-]+\/)*[\w-]+\.md)/g, "[$1]($1)");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
