import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasFfmpeg, makeClip } from "../../packages/server/src/media/testing/clips.ts";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { describeWhere } from "./harness/needs.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type SnippetPages, startSnippetPages } from "./harness/snippet-pages.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";
import { uploadBasic } from "./harness/upload.ts";

const place = `document.body.appendChild(document.createElement("main"))`;

/** @param component what is shown @param imports where that comes from */
const reactPage = (component: string, imports: string) => `
import { createRoot } from "react-dom/client";
${imports}
createRoot(${place}).render(${component});
`;

/** The pages with a film of 160 pixels across, each with the URL that its component makes of that. */
const pagesOf = (urlEndpoint: string) => ({
  "the Video of @imagekit/react": {
    script: reactPage("<Film />", 'import { Film } from "./film.jsx";'),
    src: "/demo/film.mp4?tr=w-160",
  },
  "the Video of @imagekit/vue": {
    script: `
import { buildSrc, ImageKitProvider, Video } from "@imagekit/vue";
import { createApp, h } from "vue";
const urlEndpoint = "${urlEndpoint}";
const still = { src: "/film.mp4/ik-thumbnail.jpg", transformation: [{ startOffset: 1, width: 160 }] };
const options = { src: "/film.mp4", transformation: [{ width: 160, audioCodec: "none" }], transformationPosition: "path" };
const poster = buildSrc({ urlEndpoint, ...still, transformationPosition: "path" });
const film = () => h(Video, { ...options, poster, controls: true });
createApp(() => h(ImageKitProvider, { urlEndpoint }, { default: film })).mount(${place});
`,
    src: "/demo/tr:w-160,ac-none/film.mp4",
  },
  "the IKVideo of imagekitio-react": {
    script: reactPage(
      `<IKContext urlEndpoint="${urlEndpoint}">
        <IKVideo path="/film.mp4" transformation={[{ width: 160, quality: 40 }]} controls
          poster="${urlEndpoint}/film.mp4/ik-thumbnail.jpg?tr=so-1,w-160" />
      </IKContext>`,
      'import { IKContext, IKVideo } from "imagekitio-react";',
    ),
    src: "/demo/tr:w-160,q-40/film.mp4",
  },
});
type Component = keyof ReturnType<typeof pagesOf>;
const components: readonly Component[] = [
  "the Video of @imagekit/react",
  "the Video of @imagekit/vue",
  "the IKVideo of imagekitio-react",
];

describeWhere(hasFfmpeg ? undefined : "Debian's package ffmpeg is not installed", "in Chromium", () => {
  let server: RunningServer;
  let browser: Browser;
  let snippets: Snippets;
  let pages: SnippetPages;
  beforeAll(async () => {
    server = await startServer();
    browser = await launchBrowser();
    const clip = await makeClip({ width: 320, height: 180, seconds: 3 });
    const answer = await uploadBasic(server.url, clip, { fileName: "film.mp4", useUniqueFileName: "false" });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    snippets = await openSnippets("docs/coming-from-imagekit.md", server.url);
    await snippets.write("film.jsx");
    pages = await startSnippetPages(snippets);
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    await server?.stop();
    await snippets?.remove();
  });

  /** Opens a page with the film, and waits until it could play. */
  async function open(script: string): Promise<Page> {
    await snippets.write("page.jsx", script);
    const page = await browser.newPage();
    await page.goto(pages.url);
    await page.evaluate(`import("/page.jsx").then(() => undefined)`);
    return page;
  }

  test.each(components)("%s plays a transformed video, and shows a still until then", async (component) => {
    const { script, src } = pagesOf(`${server.url}/demo`)[component];
    const page = await open(script);
    const problems = watchProblems(page);
    const film = page.locator("video");
    const shown = () => film.evaluate((video) => (video as HTMLVideoElement).currentSrc);
    await expect.poll(shown).toBe(`${server.url}${src}`);
    const poster = await film.evaluate(async (video) => {
      const picture = new Image();
      picture.src = (video as HTMLVideoElement).poster;
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight];
    });
    expect(poster).toEqual([160, 90]);
    const played = () =>
      film.evaluate((video) => {
        const { videoWidth, videoHeight, duration, currentTime } = video as HTMLVideoElement;
        return { videoWidth, videoHeight, duration, hasMoved: currentTime > 0.5 };
      });
    await film.evaluate((video) => {
      (video as HTMLVideoElement).muted = true;
      return (video as HTMLVideoElement).play();
    });
    await expect
      .poll(played, { timeout: 20_000 })
      .toEqual({ videoWidth: 160, videoHeight: 90, duration: expect.closeTo(3, 0), hasMoved: true });
    expect(problems).toEqual([]);
    await page.close();
  });
});
