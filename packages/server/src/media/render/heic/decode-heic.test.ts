import { expect, test } from "vitest";
import { heicLarge } from "../../testing/heif-pictures.ts";
import { renderContext } from "../../testing/pictures.ts";
import { startWork } from "../work.ts";
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
