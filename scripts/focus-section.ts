import { detectableObjects } from "../packages/grammar/src/index.ts";
import { focusThumbnails } from "./gallery/focus-examples.ts";
import { sourceFiles } from "./gallery/source-files.ts";
import { focusThumbnailPath } from "./gallery/thumbnails.ts";
import { table } from "./parameter-tables.ts";

/** Generates the section of docs/transformations.md about crops around faces and objects. */
export function focusSection(): string {
  return `## Faces and objects

\`fo-face\` and \`fo-<object>\` crop a picture around what models find in it, on the server's machine and without a network:

${table(
  ["picture", "what it makes"],
  focusThumbnails.map(([name, { transformation, source, caption }]) => [
    `![${caption}](${focusThumbnailPath(name)})<br>\`${transformation}\` of \`${sourceFiles[source].fileName}\``,
    caption,
  ]),
)}

With \`fo-face\`, the region is 2.2 times as high as the faces.

These objects are known:

${wrapped([...detectableObjects])
  .map((line) => `    ${line}`)
  .join("\n")}

- The optional package \`@sluice/auto-tagging\` has the models ([installing](installing.md#optional-packages)). Without it, such
  a URL answers 400, and the message names the package. \`--no-auto-tagging\` leaves this focus as it is.
- Models look at each version once, when it is first cropped around faces or objects. That takes up to a second of a
  core. The database keeps what was found, so all servers crop a version in the same way. Versions with the same bytes share it.
- A picture and all searches that it needs, those of its layers too, have one time together
  ([\`image-seconds\`](limits.md), 4 by default); waiting for other pictures doesn't count. A request that needs longer answers
  400 \`ELIMIT\`. The search that was under way is finished and kept, so the next request goes on from there.
- Without a face, \`fo-face\` counts as \`fo-auto\`. Without an object, the focus is the centre, and without a size the whole
  picture stays.
- A region ends at the edges of the picture, and keeps the proportions that the URL asks for.
- The modes of \`c\` and \`cm\` that cut nothing out, and padding, ignore faces and objects. With one side alone, the picture is
  scaled. \`x\`, \`y\`, \`xc\` and \`yc\` count more.
- A later step crops around what was found, too: cuts, scaling, padding, trimming and layers before it are reckoned with. Behind
  \`fo-auto\`, \`fl\`, \`rt\`, \`b\` or \`e-distort\` nothing counts as found.
- Faces that look away, or are smaller than a twentieth of the picture's shorter side, may not be found. The same holds for
  small objects.
`;
}

const lineLength = 110;

function wrapped(words: readonly string[]): readonly string[] {
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length >= lineLength) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
