const wasmPage = 65_536;

/**
 * The tries with which the decoder grows its memory by what it needs. It asks for a fifth of its memory first, then for a
 * tenth and a twentieth, or for what it needs where that is more.
 */
const growthTries = 3;

/**
 * Limits the memory by which WASM of this thread may grow. Without a limit the decoder would take up to two gigabytes,
 * regardless of what a file's header has promised. It copes with memory that can't grow. `refused` says that it has had
 * to, once.
 */
export function boundMemory(maxBytes: number): { readonly refused: boolean } {
  const bound = { refused: false };
  const prototype = WebAssembly.Memory.prototype;
  const grow = prototype.grow;
  let grown = 0;
  let failedTries = 0;
  prototype.grow = function (pages) {
    const more = Number(pages) * wasmPage;
    if (grown + more > maxBytes) {
      failedTries += 1;
      if (failedTries === growthTries) bound.refused = true;
      throw new RangeError("The decoder takes too much memory");
    }
    grown += more;
    failedTries = 0;
    return grow.call(this, pages);
  };
  return bound;
}
