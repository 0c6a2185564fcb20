import { transformationBounds, transformationProblems } from "../packages/grammar/src/index.ts";
import type { T1Key } from "./gallery/examples.ts";
import { sourceFiles } from "./gallery/source-files.ts";
import { sourceThumbnailPath, thumbnailExample, thumbnailPath, thumbnailSources } from "./gallery/thumbnails.ts";
import {
  code,
  groupedParameters,
  isSupported,
  type ParameterRow,
  table,
  valuesWithoutArithmetic,
} from "./parameter-tables.ts";

/** Generates docs/transformations.md from the records of the transformation language and from the gallery's examples. */
export function transformationsPage(): string {
  return `# Image transformations

This page lists every parameter that resizes, crops, converts or changes an image by its URL. A transformation stands in the
path or in the query of a file's URL, and means the same in both:

    /<imagekitId>/tr:w-300,h-200:rt-90/folder/picture.jpg
    /<imagekitId>/folder/picture.jpg?tr=w-300,h-200:rt-90

Both URLs scale and crop the image to 300 × 200 pixels and then rotate it.

- [gallery.html](gallery.html), opened in a browser, shows what each value makes.
- [Transformations that are not supported yet](unsupported-transformations.md) lists layers, text, conditions, arithmetic,
  videos and AI transformations.
- [Delivery](delivery.md) describes named transformations, default images, and the settings of an account.
- [Transforming uploads](transforming-uploads.md) uses the same transformations before a file is stored.

## Steps and parameters

- Steps are separated by \`:\` and run one after the other.
- The parameters of a step are separated by \`,\` and stand in any order. If a parameter stands twice in a step, the last one
  counts.
- Commas and colons in values travel percent-encoded. \`N\` before a number is a minus.
- The SDKs build these texts from the names in the column "SDK name".
- \`?tr=\` and \`tr:\` with nothing behind them are no transformation.

## Invalid values

| value | what happens |
|---|---|
| can't be read | 400, see [Errors](#errors-and-their-messages) |
| a number out of its range | counts as the nearest number in the range |
| a dimension beyond 65535, an empty value | ignored |
| has no effect on the file: \`vc\` or \`f-mp4\` on an image, \`x\` without \`cm-extract\` | ignored |
| [not supported yet](unsupported-transformations.md) | 400 |

## The pictures on this page

\`npm run gallery\` makes the pictures with a running server. The code under each picture is its transformation. The
pictures are made of \`photo.jpg\`, unless they name another file:

${sourceTable()}
${groupedParameters.map(({ title, rows }) => groupSection(title, rows.filter(isSupported))).join("")}
## Bounds

A transformation beyond one of these bounds is refused with 400. All transformations of a URL count together. What its named
transformations stand for is counted apart, and may be as much again. Fewer steps are rendered than may be written
(\`--limit image-steps\`, [limits.md](limits.md)): a condition leaves steps out, and a step of nothing but \`q\`, \`f\` and
other parameters of the output takes no time of its own.

${table(
  ["at most", "of what"],
  Object.values(transformationBounds).map(({ max, counts }) => [String(max), counts]),
)}

## Errors and their messages

An invalid transformation answers 400. The header \`ik-error\` says \`EINVALID - \` and one of these messages. The second line of
the body says the same.

${table(
  ["problem", "message"],
  Object.entries(transformationProblems).map(([problem, message]) => [
    `\`${problem}\``,
    message.replace("{text}", "…"),
  ]),
)}

This page is made from the language's records by \`npm run docs\`.
`;
}

function sourceTable(): string {
  const rows = thumbnailSources.map((source) => {
    const { fileName, description } = sourceFiles[source];
    return [`![${fileName}](${sourceThumbnailPath(source)})`, `\`${fileName}\``, description];
  });
  return table(["picture", "file", "what it is"], rows);
}

function groupSection(title: string, rows: readonly ParameterRow[]): string {
  if (rows.length === 0) return "";
  const head = ["picture", "key", "SDK name", "values", "default", "what"];
  return `
## ${title}

${table(head, rows.map(parameterCells))}
`;
}

function parameterCells(row: ParameterRow): readonly string[] {
  const { key, sdk, standard = "", description, beyond } = row;
  const { transformation, source, caption, fileName = sourceFiles[source].fileName } = thumbnailExample(key as T1Key);
  const made = fileName === sourceFiles.photo.fileName ? "" : ` of \`${fileName}\``;
  const picture = `![${caption}](${thumbnailPath(key as T1Key)})<br>\`${transformation}\`${made}`;
  const later = beyond === undefined ? "" : `; [not yet](unsupported-transformations.md): ${beyond.values}`;
  return [
    picture,
    `[\`${key}\`](gallery.html#${key})`,
    code(sdk),
    `${valuesWithoutArithmetic(row)}${later}`,
    standard,
    description,
  ];
}
