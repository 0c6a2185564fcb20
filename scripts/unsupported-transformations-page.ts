import { transformationProblems } from "../packages/grammar/src/index.ts";
import { code, groupedParameters, isSupported, type ParameterRow, table } from "./parameter-tables.ts";

/** Generates docs/unsupported-transformations.md from the records of the transformation language. */
export function unsupportedTransformationsPage(): string {
  return `# Transformations that are not supported yet

This page lists the transformations that Sluice knows and does not carry out yet: a part of those of videos, and, where the
operator has no endpoint for them, [AI transformations](ai-effects.md). Sluice reads and checks them, and then answers 400. For
example, this URL asks a model to enlarge a picture:

    /<imagekitId>/tr:e-upscale/picture.jpg

| what is asked for | the message in the header \`ik-error\`, after \`EINVALID - \` |
|---|---|
| layers of videos and subtitles on an image | ${refusal("UNKNOWN_PARAMETER")} |
| a mode of a layer (\`lm\`) on a video | lm-… is not available on videos. |
| \`sr\` on a video | sr is not available for videos. |
| a playlist (\`ik-master.m3u8\`, \`ik-master.mpd\`), or a video of a file that does not move | Video transformation not available |
| parameters of tier T3 without an endpoint: a model generates or segments | ${refusal("AI_NOT_AVAILABLE")} |

On an image, a parameter for videos has no effect and is ignored. What works is in
[Image transformations](transformations.md) and in [Videos](videos.md#transformed-videos).

## Values of supported parameters

${table(
  ["key", "SDK name", "values", "tier"],
  allRows.flatMap(({ key, sdk, beyond }) =>
    beyond === undefined ? [] : [[code([key]), code(sdk), beyond.values, beyond.tier]],
  ),
)}
${groupedParameters
  .map(({ title, rows }) =>
    groupSection(
      title,
      rows.filter((row) => !isSupported(row) && !ofVideos.has(row.key)),
    ),
  )
  .join("")}
This page is made from the language's records by \`npm run docs\`.
`;
}

const allRows: readonly ParameterRow[] = groupedParameters.flatMap(({ rows }) => rows);

/** The parameters for videos alone that are carried out (docs/videos.md). */
const ofVideos: ReadonlySet<string> = new Set([
  ...["vc", "ac", "so", "eo", "du"],
  ...["fol", "fsh", "lso", "leo", "ldu"],
]);

function refusal(problem: "UNKNOWN_PARAMETER" | "AI_NOT_AVAILABLE"): string {
  return transformationProblems[problem].replace("{text}", "…");
}

function groupSection(title: string, rows: readonly ParameterRow[]): string {
  if (rows.length === 0) return "";
  const head = ["key", "SDK name", "values", "default", "tier", "in layers", "what"];
  const cells = rows.map(({ key, sdk, shape, standard = "", tier, layers, description }) => [
    code([key]),
    code(sdk),
    shape.values,
    standard,
    tier,
    layers.join(", "),
    description,
  ]);
  return `
## ${title}

${table(head, cells)}
`;
}
