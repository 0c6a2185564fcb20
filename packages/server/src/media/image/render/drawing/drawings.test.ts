import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { blue, expectColour, type Pixel, plain, readPixels, render, renderContext } from "../../../testing/pictures.ts";
import { startWork } from "../../pixels/work.ts";
import { drawingLimits, drawPixels } from "./draw-pixels.ts";

const png = { format: "png", lossless: true } as const;
const clear: Pixel = [0, 0, 0, 0];
const blueSquare = `<rect x="5" y="5" width="10" height="10" fill="rgb(30,30,220)"/>`;
const svg = (content: string, attributes = `viewBox="0 0 20 20"`) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${content}</svg>`,
  );

const slow = svg(
  `<filter id="f" x="0" y="0" width="1" height="1">${`<feTurbulence baseFrequency="9" numOctaves="99"/>`.repeat(500)}</filter><rect width="2000" height="2000" filter="url(#f)"/>`,
  `width="2000" height="2000"`,
);

test("a drawing becomes pixels in the size of its viewBox, transparent where nothing is drawn", async () => {
  const { data, width, height } = await render(svg(blueSquare), { output: png });
  expect([width, height]).toEqual([20, 20]);
  const { at } = await readPixels(data);
  expectColour(at(2, 2), clear);
  expectColour(at(10, 10), blue);
});

test("it is drawn as large as it is asked for, with sharp edges", async () => {
  const { data, width } = await render(svg(blueSquare), { steps: [{ size: { width: 400 } }], output: png });
  expect(width).toBe(400);
  const { at } = await readPixels(data);
  expectColour(at(98, 200), clear);
  expectColour(at(101, 200), blue);
  const cut = await render(svg(blueSquare), {
    steps: [{ mode: "extract", size: { width: 8, height: 8 }, x: 0, y: 0 }, { rotation: 180 }],
    output: png,
  });
  expectColour((await readPixels(cut.data)).at(1, 1), blue);
  expectColour((await readPixels(cut.data)).at(4, 4), clear);
});

test("in JPEG it lies on black, or on its background", async () => {
  const jpeg = { format: "jpeg" } as const;
  expectColour((await readPixels((await render(svg(blueSquare), { output: jpeg })).data)).at(1, 1), [0, 0, 0, 255]);
  const white = { kind: "colour", colour: { r: 255, g: 255, b: 255, alpha: 1 } } as const;
  const { data } = await render(svg(blueSquare), { steps: [{ background: white }], output: jpeg });
  expectColour((await readPixels(data)).at(1, 1), [255, 255, 255, 255]);
});

test("it shows no file of the server's, whichever way it asks for one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-drawing-"));
  try {
    const path = join(folder, "secret.png");
    await writeFile(path, await plain(20, 20, "#f00").png().toBuffer());
    const text = join(folder, "secret.svg");
    await writeFile(text, svg(`<rect id="a" width="20" height="20" fill="red"/>`));
    const [image, drawing] = [pathToFileURL(path), pathToFileURL(text)];
    for (const content of [
      `<image href="${image}" width="20" height="20"/>`,
      `<image xlink:href="${path}" width="20" height="20"/>`,
      `<image href="${drawing}" width="20" height="20"/>`,
      `<use href="${drawing}#a"/>`,
      `<image href="data:image/svg+xml;base64,${svg(`<image href="${image}" width="20" height="20"/>`).toString("base64")}" width="20" height="20"/>`,
      `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${drawing}"/>`,
      `<style>@import url("${drawing}");</style><rect width="20" height="20" fill="url(${drawing}#a)"/>`,
    ]) {
      const { data } = await render(svg(content), { output: png });
      expect((await readPixels(data)).at(10, 10)[0], content).toBe(0);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["filters without end", "ETIME", slow],
  ["a drawing beyond the limits", "ELIMIT", svg(blueSquare, `width="9000" height="9000"`)],
])("%s are given up in time: %s", async (_, code, bytes) => {
  const start = performance.now();
  await expect(render(bytes, { output: png })).rejects.toMatchObject({ code });
  expect(performance.now() - start).toBeLessThan(6000);
});

test("filters that keep gigabytes are given up at once", async () => {
  const results = Array.from({ length: 600 }, (_, index) => `r${index}`);
  const floods = results.map((name) => `<feFlood flood-color="red" result="${name}"/>`).join("");
  const merged = results.map((name) => `<feMergeNode in="${name}"/>`).join("");
  const filter = `<filter id="f" x="0" y="0" width="1" height="1">${floods}<feMerge>${merged}</feMerge></filter>`;
  const bytes = svg(`${filter}<rect width="3900" height="3900" filter="url(#f)"/>`, `width="3900" height="3900"`);
  const size = { width: 3900, height: 3900 };
  // However busy the machine is, the memory is full before the time is up.
  const patient = { ...drawingLimits, milliseconds: 60_000 };
  const work = startWork(new AbortController().signal, { ...renderContext.limits, ...patient });
  await expect(drawPixels(bytes, size, size, work, patient)).rejects.toMatchObject({
    code: "ELIMIT",
    message: expect.stringContaining("memory"),
  });
});

test.each([
  [
    "an entity bomb",
    Buffer.from(
      `<!DOCTYPE svg [<!ENTITY a "${"x".repeat(100)}">${[..."bcdefghij"].map((name, index) => `<!ENTITY ${name} "${`&${"abcdefghi"[index]};`.repeat(20)}">`).join("")}]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&j;</text></svg>`,
    ),
  ],
  [
    "use within use",
    svg(
      `${Array.from({ length: 30 }, (_, index) => `<g id="g${index}">${`<use href="#g${index + 1}"/>`.repeat(20)}</g>`).join("")}<g id="g30"><rect width="1" height="1"/></g>`,
    ),
  ],
  ["what isn't closed", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect>`)],
  ["a drawing without a size", svg(blueSquare, "")],
])("%s ends in an answer", async (_, bytes) => {
  const start = performance.now();
  const limits = { ...renderContext.limits, milliseconds: 1500 };
  const outcome = await render(bytes, { output: png }, { limits }).catch((error: unknown) => error);
  expect(performance.now() - start).toBeLessThan(6000);
  expect(outcome).toMatchObject({ name: "MediaError" });
});

test("a drawing goes on when the server is told to end, and ends all the same when it outlives it", async () => {
  const program = fileURLToPath(new URL("./drawing-process.ts", import.meta.url));
  const [maxMemoryBytes, maxTimeMs, size, density] = [2 ** 31, 2000, 2000, 72];
  const limits = [maxMemoryBytes, maxTimeMs, process.pid];
  const child = spawn(process.execPath, [program, ...limits, size, size, density].map(String), {
    stdio: ["pipe", "ignore", "ignore"],
  });
  try {
    // On a busy machine the process's time may be up before it has read anything.
    child.stdin.on("error", () => undefined);
    // The padding is more than a pipe holds, so the process is at work once all bytes are written.
    const padding = Buffer.from(`<!--${" ".repeat(300_000)}-->`);
    await new Promise<void>((resolve) => child.stdin.end(Buffer.concat([padding, slow]), resolve));
    child.kill("SIGTERM");
    const [, signal] = await once(child, "exit", { signal: AbortSignal.timeout(5000) });
    expect(signal).toBe("SIGKILL");
  } finally {
    child.kill("SIGKILL");
  }
});

test("where no process can be started, the server is busy and goes on", async () => {
  const modules = ["./draw-pixels.ts", "../../pixels/work.ts"].map((path) =>
    JSON.stringify(new URL(path, import.meta.url).href),
  );
  const program = `
    import { openSync } from "node:fs";
    const [{ drawPixels }, { startWork }] = await Promise.all([${modules.map((module) => `import(${module})`)}]);
    const work = startWork(new AbortController().signal, ${JSON.stringify(renderContext.limits)});
    try {
      for (;;) openSync("/dev/null", "r");
    } catch {}
    const size = { width: 20, height: 20 };
    const outcome = await drawPixels(Buffer.from(${JSON.stringify(svg(blueSquare).toString())}), size, size, work).catch(({ code }) => code);
    setTimeout(() => process.exit(outcome === "EBUSY" ? 0 : 3), 50);`;
  const node = [process.execPath, "--conditions=sluice-source", "--input-type=module", "-e", program];
  const child = spawn("sh", ["-c", `ulimit -n 64 && exec "$@"`, "sh", ...node], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("whoever goes away stops the drawing", async () => {
  const start = performance.now();
  await expect(render(slow, { output: png }, {}, AbortSignal.timeout(200))).rejects.toMatchObject({
    name: "TimeoutError",
  });
  expect(performance.now() - start).toBeLessThan(2000);
});

test("it stays a drawing unless a raster format is asked for", async () => {
  const off = { ...renderContext.settings, bestFormat: false };
  for (const context of [{}, { settings: off }, { accepted: { webp: true, avif: true } }]) {
    for (const output of [{}, { format: "auto" }, { format: "orig" }, { format: "gif" }] as const) {
      await expect(render(svg(blueSquare), { output }, context)).rejects.toMatchObject({ code: "EINVALID" });
    }
  }
});
