import { detectableObjects } from "../packages/grammar/src/index.ts";
import { table } from "./parameter-tables.ts";

/** Generates the section of docs/transformations.md about crops around faces and objects. */
export function focusSection(): string {
  return `## Faces and objects

\`fo-face\` and \`fo-<object>\` crop a picture around what models find in it, on the server's machine and without a network:

${table(
  ["example", "what it makes"],
  [
    [
      "`w-200,h-200,fo-face`",
      "all faces with some of what is around them, scaled to the box. The region is 2.2 times as high as the faces",
    ],
    ["`w-200,h-200,fo-face,z-0.5`", "the same from further away: the region is twice as wide and as high"],
    ["`fo-face`", "the same region in the proportions of the faces, at its own scale"],
    ["`fo-car`", "the smallest rectangle around all cars, at its own scale"],
    ["`fo-car,ar-2-1`", "the same, made wider or higher until it has these proportions"],
    ["`w-300,h-200,fo-dog`", "the largest part of these proportions around the dogs, scaled to the box"],
    ["`w-300,h-200,fo-dog,z-2`", "half as much around the dogs, scaled to the box"],
    ["`w-300,h-200,fo-dog,cm-extract`", "300 × 200 pixels around the dogs, at their own scale"],
    ["`fo-person_dog`", "the smallest rectangle around all persons and dogs"],
  ].map(([example = "", what = ""]) => [example, what]),
)}

These objects are known:

${wrapped([...detectableObjects])
  .map((line) => `    ${line}`)
  .join("\n")}

- The optional package \`@sluice/auto-tagging\` has the models ([installing](installing.md#optional-packages)). Without it, such
  a URL answers 400, and the message names the package. \`--no-auto-tagging\` leaves this focus as it is.
- Models look at each version once, when it is first cropped around faces or objects. That takes up to a second of a
  core. The database keeps what was found, so all servers crop a version in the same way. Versions with the same bytes share it.
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
