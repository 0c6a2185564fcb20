import { afterEach, beforeEach, expect, test } from "vitest";
import { boundMemory } from "./bound-memory.ts";

const prototype = WebAssembly.Memory.prototype;
const { grow } = prototype;
afterEach(() => {
  prototype.grow = grow;
});

const wasmPage = 65_536;
let memory: WebAssembly.Memory;
beforeEach(() => {
  memory = new WebAssembly.Memory({ initial: 1 });
});

/** Grows as the decoder does: a refused try is followed by one for less. */
function growBy(...tries: readonly number[]): boolean {
  return tries.some((pages) => {
    try {
      memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  });
}

test("memory that fits with the last try is not refused, however often there were others", () => {
  const bound = boundMemory(10 * wasmPage);
  for (const pages of [4, 3, 2]) expect(growBy(20, 12, pages)).toBe(true);
  expect(bound.refused).toBe(false);
  expect(memory.buffer.byteLength).toBe(10 * wasmPage);
});

test("memory that doesn't fit is refused, and stays so where less fits later", () => {
  const bound = boundMemory(10 * wasmPage);
  expect(growBy(20, 12, 11)).toBe(false);
  expect(bound.refused).toBe(true);
  expect(growBy(10)).toBe(true);
  expect(bound.refused).toBe(true);
  expect(growBy(1, 1, 1)).toBe(false);
});
