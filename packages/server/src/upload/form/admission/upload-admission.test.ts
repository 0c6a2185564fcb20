import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { openSpoolBound } from "./upload-admission.ts";

const GiB = 1024 ** 3;
const folder = tmpdir();

test("the limit bounds what is spooled without credentials", async () => {
  const bound = await openSpoolBound({ folder, maxBytes: 1000, processes: 1 });
  expect(bound.bytes(0)).toBe(1000);
});

test("so does half of the disk, of which their own files are a part, and each process has its own of it", async () => {
  const bytes = async (processes: number, held: number): Promise<number> => {
    const bound = await openSpoolBound({ folder, maxBytes: Number.POSITIVE_INFINITY, processes });
    await bound.measure(held);
    return bound.bytes(held);
  };
  const [whole, withHeld, ofTwo] = [await bytes(1, 0), await bytes(1, 1000 * GiB), await bytes(2, 0)];
  // Others write to the disk meanwhile.
  expect((withHeld - whole) / GiB).toBeCloseTo(500, 0);
  expect(ofTwo / whole).toBeCloseTo(0.5, 1);
});

test("a folder that can't be looked at bounds as it did before", async () => {
  const bound = await openSpoolBound({ folder: `${folder}/missing`, maxBytes: 1000, processes: 1 });
  await bound.measure(0);
  expect(bound.bytes(0)).toBe(1000);
});
