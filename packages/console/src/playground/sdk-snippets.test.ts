import { buildSrc } from "@imagekit/javascript";
import { expect, test } from "vitest";
import { rawSteps, sdkSnippets } from "./sdk-snippets.ts";
import { encoded, stepsIn } from "./steps.ts";

const urlEndpoint = "https://media.example.com/demo";
const useOf = (text: string, name = "a.jpg") => ({
  urlEndpoint,
  src: `/trips/${name}`,
  name,
  isVideo: false,
  address: `${urlEndpoint}/trips/${name}?tr=${encoded(text)}`,
  steps: stepsIn(text),
});

test.each([
  "w-400",
  "w-400,h-300:rt-90",
  "w-400,l-text,ie-NTAgJSwgc29sZA%3D%3D,fs-60,l-end:q-80",
  "if-w_gt_500,w-500,if-else,w-200,if-end",
])("the SDK makes the very transformation %s of a snippet's steps", (text) => {
  const transformation = rawSteps(stepsIn(text));
  const made = buildSrc({ urlEndpoint, src: "/a.jpg", transformation, transformationPosition: "query" } as never);
  expect(decodeURIComponent(new URL(made).search.slice("?tr=".length))).toBe(decodeURIComponent(text));
});

test.each(Object.keys(sdkSnippets) as (keyof typeof sdkSnippets)[])(
  "nothing in a name ends a text of the snippet for %s",
  (sdk) => {
    const snippet = sdkSnippets[sdk](useOf("w-400", `"}><script>alert(1)</script>.jpg`));
    if (sdk !== "URL") expect(snippet).not.toContain(`alt=""`);
    if (sdk === "Vue") expect(snippet.match(/<script/g)).toHaveLength(1);
  },
);

test("a snippet is code as people write it", () => {
  expect(sdkSnippets.React(useOf("w-400:rt-90"))).toBe(`import { Image } from "@imagekit/react";

<Image
  urlEndpoint={"https://media.example.com/demo"}
  src={"/trips/a.jpg"}
  transformation={[
    { raw: "w-400" },
    { raw: "rt-90" },
  ]}
  alt={"a.jpg"}
/>`);
  expect(sdkSnippets.JavaScript(useOf("w-400"))).toContain(`  transformation: [{ raw: "w-400" }],\n});`);
});

test("a video is played by the SDKs' element for videos", () => {
  const film = { ...useOf("w-400", "a.mp4"), isVideo: true };
  for (const sdk of ["React", "Next.js", "Vue"] as const) {
    expect(sdkSnippets[sdk](film)).toMatch(/import { Video } from.*<Video.*controls/s);
  }
});
