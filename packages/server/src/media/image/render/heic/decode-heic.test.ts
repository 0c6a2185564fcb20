import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { heicLarge, heicQuadrants } from "../../../testing/heif-pictures.ts";
import { renderContext } from "../../../testing/pictures.ts";
import { startWork } from "../../pixels/work.ts";
import { decodeHeic } from "./decode-heic.ts";

const { limits } = renderContext;
const work = () => startWork(new AbortController().signal, limits);

test("the decoder gets as much memory as a picture may take, and no more", async () => {
  expect(await decodeHeic(heicLarge, limits, work())).toMatchObject({ width: 3000, height: 2000 });
  const little = { ...limits, memoryBytes: 10_000_000 };
  await expect(decodeHeic(heicLarge, little, work())).rejects.toMatchObject({ code: "ELIMIT" });
});

test("more pixels than the limit are not decoded", async () => {
  const few = { ...limits, pixels: 3000 * 2000 - 1 };
  await expect(decodeHeic(heicLarge, few, work())).rejects.toMatchObject({ code: "ELIMIT" });
});

test("a picture that takes too long isn't taken for a broken one, even where the timer is ahead of the clock", async () => {
  const behind = { ...work(), left: () => 1, check: () => undefined };
  await expect(decodeHeic(heicLarge, limits, behind)).rejects.toMatchObject({ code: "ETIME" });
});

test("a thread that breaks when nobody waits for it any more takes nothing down with it", async () => {
  const left = new AbortController();
  const work = startWork(left.signal, { milliseconds: 20_000, memoryBytes: 1 });
  // The decoder's thread throws at once, but this thread hears of the error only after it has given up.
  const decoding = decodeHeic(undefined as never, { pixels: 1, memoryBytes: 1 }, work);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  left.abort(new Error("gone"));
  await expect(decoding).rejects.toThrow("gone");
});

test("where no thread can be started, the server is busy and goes on", async () => {
  const modules = ["./decode-heic.ts", "../../pixels/work.ts"].map((path) =>
    JSON.stringify(new URL(path, import.meta.url).href),
  );
  const program = `
    import { openSync } from "node:fs";
    const [{ decodeHeic }, { startWork }] = await Promise.all([${modules.map((module) => `import(${module})`)}]);
    const limits = ${JSON.stringify(limits)};
    const work = startWork(new AbortController().signal, limits);
    try {
      for (;;) openSync("/dev/null", "r");
    } catch {}
    const outcome = await decodeHeic(Buffer.from(process.argv[1], "base64"), limits, work).catch(({ code }) => code);
    setTimeout(() => process.exit(outcome === "EBUSY" ? 0 : 3), 50);`;
  const node = [process.execPath, "--conditions=sluice-source", "--input-type=module", "-e", program];
  const picture = heicQuadrants.toString("base64");
  const child = spawn("sh", ["-c", `ulimit -n 64 && exec "$@"`, "sh", ...node, picture], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([0, null]);
});
