const wasmPage = 65_536;

/**
 * Limits the memory by which WASM of this thread may grow. Without a limit the renderer would take up to two gigabytes
 * for a few kilobytes. The renderer gives up when its memory can't grow.
 */
export function boundMemory(maxBytes: number): { readonly refused: boolean } {
  const bound = { refused: false };
  const prototype = WebAssembly.Memory.prototype;
  const grow = prototype.grow;
  let grown = 0;
  prototype.grow = function (pages) {
    const more = Number(pages) * wasmPage;
    if (grown + more > maxBytes) {
      bound.refused = true;
      throw new RangeError("The renderer takes too much memory");
    }
    grown += more;
    return grow.call(this, pages);
  };
  return bound;
}
