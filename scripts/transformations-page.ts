import {
  parameterGroups,
  transformationBounds,
  transformationProblems,
  variableGroups,
} from "../packages/grammar/src/index.ts";

/** Generates docs/transformations.md from the records of the transformation language. */
export function transformationsPage(): string {
  return `# Transformations

A transformation stands in the path or in the query of a file's URL, and means the same in both:

    /<imagekitId>/tr:w-300,h-200:rt-90/folder/picture.jpg
    /<imagekitId>/folder/picture.jpg?tr=w-300,h-200:rt-90

Steps are separated by \`:\` and run one after the other; the parameters of a step by \`,\`, in any order; of one that stands
twice the last counts. The SDKs build these texts from the names in the second column. Commas and colons in values travel
percent-encoded. [gallery.html](gallery.html), opened in a browser, shows what each of them makes. This page is made from the
language's records by \`npm run docs\`.

**Tiers.** T1 is carried out. Everything else is read and checked, and then refused with 400: T2 (layers, effects, conditions,
arithmetic, what takes a detector), T3 (what takes a model that generates or segments) and video. Names (\`n\`), default
images (\`di\`) and what an account makes of all this are in [delivery.md](delivery.md).

**Invalid values.** What can't be read is refused with 400. Numbers out of range count as the nearest number in it. Dimensions
beyond 65535 and empty values are ignored. So is what has no effect on the file: \`vc\` on an image, \`x\` without
\`cm-extract\`. \`N\` before a number is a minus. \`?tr=\` and \`tr:\` with nothing behind them are no transformation.
${parameterGroups.map(groupSection).join("")}
## Layers (T2)

\`l-image,i-<path>,…,l-end\`, \`l-text,i-<text>,…,l-end\`, \`l-video,…\` and \`l-subtitles,…\` lay something over the
step's result; \`i-ik_canvas\` is a block of one colour or gradient. \`ie-<base64>\` is the same as \`i-\`. Layers take the
parameters whose column says so, in steps of their own, and further layers, three deep at most.

## Conditions (T2)

\`if-<condition>,<steps>,if-else,<steps>,if-end\`, alone in its step; \`if-else\` may be missing. A condition compares \`w\`,
\`h\`, \`ar\` (of the step's input) or \`iw\`, \`ih\`, \`iar\` (of the file) by \`eq\`, \`ne\`, \`gt\`, \`gte\`, \`lt\`, \`lte\` with a number
or a ratio (\`4-3\`): \`if-h_gte_100_and_ar_lt_4-3\`. \`and\` binds tighter than \`or\`.

## Arithmetic (T2)

Numbers and variables, joined by \`_add_\`, \`_sub_\`, \`_mul_\`, \`_div_\`, \`_mod_\`, \`_pow_\`. \`mul\` and \`div\` bind first, then
\`add\` and \`sub\`, then \`mod\`, then \`pow\`; equals from left to right: \`2_pow_3_add_1\` is 16.

| variables | what they are |
|---|---|
${variableGroups.map(({ variables, description }) => `| ${code(variables)} | ${cell(description)} |`).join("\n")}

## Bounds

A transformation beyond one of these is refused with 400. All transformations of a URL count together. What its named
transformations stand for is counted apart, and may be as much again. Fewer steps are rendered than may be written
(\`--limit image-steps\`, [limits.md](limits.md)): a condition leaves steps out, and a step of nothing but \`q\`, \`f\` and
other parameters of the output takes no time of its own.

| at most | |
|---|---|
${Object.values(transformationBounds)
  .map(({ max, counts }) => `| ${max} | ${cell(counts)} |`)
  .join("\n")}

## What is refused

The header \`ik-error\` says \`EINVALID - \` and one of these, and the second line of the body says the same.

| problem | message |
|---|---|
${Object.entries(transformationProblems)
  .map(([problem, message]) => `| \`${problem}\` | ${cell(message.replace("{text}", "…"))} |`)
  .join("\n")}
`;
}

function groupSection({ title, records }: (typeof parameterGroups)[number]): string {
  const rows = Object.entries(records).map(([key, { sdk, shape, standard, tier, beyond, layers, description }]) => {
    const tiers = beyond === undefined ? tier : `${tier}; ${beyond.values}`;
    const cells = [`\`${key}\``, code(sdk), shape.values, standard ?? "", tiers, layers.join(", "), description];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return `
## ${title}

| key | SDKs | values | default | tier | in layers | what |
|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** Escapes a table's cell. Angle brackets occur only inside code here, where they need no escape. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}
