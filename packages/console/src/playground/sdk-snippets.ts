import { encoded, type Step, textOf } from "./steps.ts";

/** The parts of a snippet. */
export interface Use {
  readonly urlEndpoint: string;
  /** The path of the file in the library, which begins with a slash. */
  readonly src: string;
  readonly name: string;
  readonly isVideo: boolean;
  /** The address of the transformed file. */
  readonly address: string;
  readonly steps: readonly Step[];
}

/** The steps as all SDKs take them: as they are written, so that a parameter needs no name of the SDK's own. */
export function rawSteps(steps: readonly Step[]): readonly { readonly raw: string }[] {
  return steps.map((step) => ({ raw: encoded(textOf([step])) })).filter(({ raw }) => raw !== "");
}

/** The ways in which an application asks for the transformed file, by the SDK. */
export const sdkSnippets = {
  URL: ({ address }: Use) => address,
  JavaScript: (use: Use) => `import { buildSrc } from "@imagekit/javascript";

const src = buildSrc({
${options(use, 2)},
});`,
  "Node.js": (use: Use) => `import ImageKit from "@imagekit/nodejs";

const client = new ImageKit({ privateKey: process.env.IMAGEKIT_PRIVATE_KEY });
const src = client.helper.buildSrc({
${options(use, 2)},
});`,
  React: (use: Use) => component("@imagekit/react", use),
  "Next.js": (use: Use) => component("@imagekit/next", use),
  Vue: (use: Use) => `<script setup>
import { ${elementOf(use)} } from "@imagekit/vue";

const transformation = ${list(use, 0)};
</script>

<template>
  <${elementOf(use)} url-endpoint="${attribute(use.urlEndpoint)}" src="${attribute(use.src)}" :transformation="transformation" ${
    use.isVideo ? "controls" : `alt="${attribute(use.name)}"`
  } />
</template>`,
} as const;

export type SdkName = keyof typeof sdkSnippets;

function options(use: Use, indent: number): string {
  const space = " ".repeat(indent);
  return [
    `urlEndpoint: ${JSON.stringify(use.urlEndpoint)}`,
    `src: ${JSON.stringify(use.src)}`,
    `transformation: ${list(use, indent)}`,
  ]
    .map((line) => space + line)
    .join(",\n");
}

function list({ steps }: Use, indent: number): string {
  const items = rawSteps(steps).map(({ raw }) => `{ raw: ${JSON.stringify(raw)} }`);
  const [only, ...more] = items;
  if (only === undefined) return "[]";
  const space = " ".repeat(indent);
  return more.length === 0 ? `[${only}]` : `[\n${items.map((item) => `${space}  ${item},\n`).join("")}${space}]`;
}

function component(from: string, use: Use): string {
  return `import { ${elementOf(use)} } from "${from}";

<${elementOf(use)}
  urlEndpoint=${value(use.urlEndpoint)}
  src=${value(use.src)}
  transformation={${list(use, 2)}}
  ${use.isVideo ? "controls" : `alt=${value(use.name)}`}
/>`;
}

function elementOf({ isVideo }: Use): "Image" | "Video" {
  return isVideo ? "Video" : "Image";
}

/** A value of JSX that no quote ends. */
function value(text: string): string {
  return `{${JSON.stringify(text)}}`;
}

function attribute(text: string): string {
  return text.replace(/[&"<{}]/g, (character) => `&#${character.charCodeAt(0)};`);
}
