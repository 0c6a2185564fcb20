/** Colours that share the upper bits of each channel count as alike. */
const droppedBits = 5;
/** A pixel with less opacity than this has no colour that anybody sees. */
const minAlpha = 128;

/**
 * The mean of the largest group of pixels whose colours are alike, as `#rrggbb`.
 * @param pixels red, green, blue and alpha of each pixel
 * @returns undefined for a picture that is transparent all over
 */
export function dominantColor(pixels: Uint8Array): string | undefined {
  const groups = new Map<number, number[]>();
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(at, at + 4);
    if (alpha < minAlpha) continue;
    const kind = ((red >> droppedBits) << 16) | ((green >> droppedBits) << 8) | (blue >> droppedBits);
    const [count = 0, reds = 0, greens = 0, blues = 0] = groups.get(kind) ?? [];
    groups.set(kind, [count + 1, reds + red, greens + green, blues + blue]);
  }
  const [largest] = [...groups.values()].sort(([a = 0], [b = 0]) => b - a);
  if (largest === undefined) return undefined;
  const [count = 1, ...sums] = largest;
  return `#${sums.map((sum) => hex(Math.round(sum / count))).join("")}`;
}

function hex(channel: number): string {
  return channel.toString(16).padStart(2, "0");
}
