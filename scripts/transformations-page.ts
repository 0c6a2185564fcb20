import { families as builtIn } from "../packages/fonts/src/index.ts";
import {
  type LayerKind,
  layerParameters,
  transformationBounds,
  transformationProblems,
  variableGroups,
} from "../packages/grammar/src/index.ts";
import { focusSection } from "./focus-section.ts";
import type { T1Key } from "./gallery/examples.ts";
import { sourceFiles } from "./gallery/source-files.ts";
import { sourceThumbnailPath, thumbnailExample, thumbnailPath, thumbnailSources } from "./gallery/thumbnails.ts";
import { code, groupedParameters, isSupported, type ParameterRow, table, valuesOf } from "./parameter-tables.ts";

/** Generates docs/transformations.md from the records of the transformation language and from the gallery's examples. */
export function transformationsPage(): string {
  return `# Image transformations

This page lists every parameter that resizes, crops, converts or changes an image by its URL. A transformation stands in the
path or in the query of a file's URL, and means the same in both:

    /<imagekitId>/tr:w-300,h-200:rt-90/folder/picture.jpg
    /<imagekitId>/folder/picture.jpg?tr=w-300,h-200:rt-90

Both URLs scale and crop the image to 300 × 200 pixels and then rotate it.

- [gallery.html](gallery.html), opened in a browser, shows what each value makes.
- [Videos](videos.md) lists what can be done with videos, and how to get pictures of them.
- [Transformations that are not supported yet](unsupported-transformations.md) lists modes of layers on videos, adaptive streaming, and
  AI transformations without an endpoint.
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
| isn't taken by the layer around it: \`fo-face\` in a block, \`f-png\` in a text ([table](#parameters-of-layers)) | ignored |
| [not supported yet](unsupported-transformations.md) | 400 |

## Conditions

\`if-<condition>,<steps>,if-else,<steps>,if-end\` stands alone in its step. \`if-else\` may be missing. A condition compares a
size with a number or a ratio (\`4-3\`), as in \`if-h_gte_100_and_ar_lt_4-3\`. \`and\` binds tighter than \`or\`.

| part | words |
|---|---|
| size of the step's input | \`w\`, \`h\`, \`ar\` |
| size of the file | \`iw\`, \`ih\`, \`iar\` |
| comparison | \`eq\`, \`ne\`, \`gt\`, \`gte\`, \`lt\`, \`lte\` |

- For example, of an image of 1200 × 800 pixels, \`h-200:if-h_eq_200,w-100,if-end:rt-90\` makes one of 67 × 100.
- Two ratios are equal if they differ by 0.005 or less.
- Conditions can't stand in one another, whether written or brought by a name.
- Conditions don't apply to GIFs, nor in transformations with \`pg\`: the steps between \`if-\` and \`if-end\` are left out.
- What a branch says of the output (\`f\`, \`q\` and the like) counts, unless a later step says something else.
- \`orig\` can't stand in a condition, nor can \`cp\` and \`md\` behind a trim or a layer. \`di\` and \`rt-auto\` count whether or
  not the condition holds.

## Arithmetic

An expression joins numbers and variables by \`_add_\`, \`_sub_\`, \`_mul_\`, \`_div_\`, \`_mod_\`, \`_pow_\`. \`mul\` and \`div\`
bind first, then \`add\` and \`sub\`, then \`mod\`, then \`pow\`: \`2_pow_3_add_1\` is 16. Operators of one rank are worked out
from left to right. The result counts as if it were written: it is rounded, and a number out of the parameter's range becomes
the nearest one in it.

- For example, \`w-iw_div_2,h-ih_mul_0.4\` scales to half the width and two fifths of the height of the file.
- A width or height beyond 65535 is ignored. Less than a pixel is one pixel.
- A width, height or ratio of 0 or less, and a division by zero, answer 400.

${table(
  ["variables", "what they are"],
  variableGroups.map(({ variables, description }) => [code(variables), description]),
)}

## The pictures on this page

\`npm run gallery\` makes the pictures with a running server. The code under each picture is its transformation. The
pictures are made of \`photo.jpg\`, unless they name another file:

${sourceTable()}
${groupedParameters.map(({ title, rows }) => groupSection(title, rows.filter(isSupported))).join("")}
${focusSection()}
## Layers

A layer draws a file of the library, a text, or a block of a colour or a gradient, over the result of its step:

${table(
  ["picture", "what the layer is"],
  layerPictures.map(([key, what]) => [pictureCell(key), what]),
)}

- \`i-\` is the path in the library, with \`@@\` for \`/\`. \`ie-<base64>\` is the same, encoded. \`i-ik_canvas\` is a block, of
  100 × 100 pixels and black unless \`w\`, \`h\` and \`bg\` say otherwise. A fraction in \`w\` or \`h\` of a block is one of the
  picture's side.
- Layers of a step are drawn in their order, after the step's size and colours, and before its \`e-distort\`, \`fl\`, \`rt\`,
  \`b\`, \`r\` and \`o\`. Nothing in a layer changes the size of the picture below, apart from \`lm-cutter\`.
- Everything between \`l-image\` or \`l-text\` and \`l-end\` is done to the layer alone. It may be a chain of steps, and may contain
  layers, three deep at most. A layer in a layer lies on that layer.
- The edges of an image layer are trimmed first, as by \`t-true\`. \`t-false\` keeps them.
- Without offsets, a layer lies in the middle, or where \`lfo\` says. An axis without an offset is centred. Offsets that leave
  the picture are pulled back inside, and what is larger than the picture is cut. Of a larger layer, \`lx\` and \`ly\` choose
  the part that is seen.
- Offsets take [arithmetic](#arithmetic): \`lx-bw_sub_cw\`.
- With \`lm-displace\`, a layer isn't drawn. Where its red is full, the picture below shows what is \`lx\` px further right, and
  where its green is full, what is \`ly\` px further down; without them the opposite. The layer lies where \`lfo\` says.
- Of an animation, a layer shows the first frame, or the one that \`pg\` names. On an animation, a layer lies on each frame.
- A picture with layers is in sRGB. It gets no colour profile, also with \`cp-true\`.

Layers draw the current version of a file. A new version changes every picture with it at once. A file that is missing, a
draft, or private is answered 400 with \`ENOENT - overlay <path> not found\`. Private files are drawn for signed URLs, and for
URLs that consist of named transformations. Files of origins outside of the library can't be layers.

### Text

\`l-text,i-<text>\` draws a text, \`l-text,ie-<base64>\` one that holds any signs and line breaks. It is drawn once, so its
position, \`r\`, \`rt\` and \`fl\` work on the box that it then has.

- The box is as large as the ink of the letters, plus the padding. \`w\` makes it that wide and breaks lines at words, or
  inside of a word that is longer than a line. A fraction is one of the picture's width.
- \`ia\` says where lines lie in a box that is wider than they are. Left is left in every script.
- \`lh\` counts from line to line, so a single line stays as it is.
- \`fs\`, \`ff\`, \`co\`, \`ia\`, \`pa\`, \`al\`, \`tg\` and \`lh\` may stand in any step of the layer, but in no condition. \`w\` and \`bg\`
  are those of the box in the first step. In later steps they are what they are for images.
- A turned box is rounded at its corners in a step before: \`r-20:rt-30\`. In one step, \`r\` rounds what \`rt\` has made, as it
  does with images.
- The text is Unicode. Right-to-left scripts, combined letters and emoji are drawn as such. A letter that no font has is a frame
  with its number.

The families are ${families}. Names are compared without case, spaces and underscores. A name that isn't one of them is
Open Sans. ${bold} are bold and italic as well (\`tg-b\`, \`tg-i\`); Old Standard is bold or italic. Others stay as they are.

\`ff-fonts@@own.ttf\` is a font of the library: TTF, OTF or a collection, not WOFF. A process of its own draws the text, which takes
longer. A font that is missing, that can't be read, or that the client may not see, is Open Sans as well. A file that is no font
answers 400.

Letters that the family doesn't have come from Open Sans (Latin, Greek, Cyrillic), Noto Sans (Hebrew, Arabic, Devanagari, Thai), BIZ
UDPGothic (Japanese), ZCOOL XiaoWei (simplified Chinese), Nanum Gothic (Korean) and Noto Color Emoji.
Chinese characters that are Japanese ones as well get their Japanese shape. No font of the machine is used, so that a text
looks alike everywhere. The fonts are those of the [package of fonts](../packages/fonts/README.md). Where it isn't
installed, a text answers 400 and says so.

A text has at most 2000 characters, 2500 with \`ie-\`; what is longer is cut. It has at most 16383 pixels on a side. A text
that might take more than 32,000,000 pixels answers 400 and \`ELIMIT\`.

### Parameters of layers

${table(
  ["layer", "parameters, besides those of its position"],
  layerKinds.map(([kind, name]) => [
    name,
    code(
      allRows
        .filter((row) => isSupported(row) && row.layers.includes(kind) && !Object.hasOwn(layerParameters, row.key))
        .map(({ key }) => key),
    ),
  ]),
)}

\`--limit image-layers\` bounds the layers of a picture, with those in layers ([limits.md](limits.md)). Their files together
may have as many bytes and pixels as one image may have.

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

const families = builtIn.map(({ name }) => name).join(", ");

/** The families of which there is each style. */
const bold =
  "Amaranth, Arvo, Chivo, Crimson Text, exo, Kanit, Lato, Lora, Montserrat, Open Sans, PT_Serif, Roboto, Ubuntu and Vollkorn";

const allRows: readonly ParameterRow[] = groupedParameters.flatMap(({ rows }) => rows);

const layerKinds: readonly (readonly [LayerKind, string])[] = [
  ["image", "image: `l-image,i-<path>,…,l-end`"],
  ["text", "text: `l-text,i-<text>,…,l-end`"],
  ["canvas", "block of a colour or a gradient: `l-image,i-ik_canvas,…,l-end`"],
];

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

/** The parameters whose pictures show each kind of layer. */
const layerPictures = [
  ["lx", "a file of the library: `l-image,i-<path>`"],
  ["al", "a block: `l-image,i-ik_canvas`"],
  ["pa", "a text: `l-text,i-<text>`"],
  ["lm", "a file whose shape is cut out: `lm-cutout`"],
] as const satisfies readonly (readonly [T1Key, string])[];

function pictureCell(key: T1Key): string {
  const { transformation, source, caption, fileName = sourceFiles[source].fileName } = thumbnailExample(key);
  const made = fileName === sourceFiles.photo.fileName ? "" : ` of \`${fileName}\``;
  return `![${caption}](${thumbnailPath(key)})<br>\`${transformation}\`${made}`;
}

function parameterCells(row: ParameterRow): readonly string[] {
  const { key, sdk, standard = "", description, beyond } = row;
  const picture = pictureCell(key as T1Key);
  const later = beyond === undefined ? "" : `; [not yet](unsupported-transformations.md): ${beyond.values}`;
  return [picture, `[\`${key}\`](gallery.html#${key})`, code(sdk), `${valuesOf(row)}${later}`, standard, description];
}
