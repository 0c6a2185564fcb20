/** The content codings in which files are sent, best first. */
export const codings = ["br", "gzip"] as const;
export type Coding = (typeof codings)[number];

/** Clients need fewer items than this. Further items aren't read. */
const maxItems = 16;

/**
 * Chooses the coding that the client accepts and rates highest; if it rates two alike, the better one (RFC 9110
 * §12.5.3). A wildcard stands for gzip alone, because a client that sends one may not know Brotli.
 * @returns undefined where the client gets the bytes uncompressed
 */
export function acceptedCoding(acceptEncoding: string | undefined): Coding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const weights = new Map(acceptEncoding.toLowerCase().split(",", maxItems).map(readItem));
  const weightOf = {
    br: weights.get("br") ?? 0,
    gzip: weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0,
  } as const satisfies Record<Coding, number>;
  const best = weightOf.br >= weightOf.gzip ? "br" : "gzip";
  return weightOf[best] > 0 && weightOf[best] >= (weights.get("identity") ?? 0) ? best : undefined;
}

function readItem(item: string): [name: string, weight: number] {
  const [name = "", ...parameters] = item.split(";", maxItems).map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith("q"));
  return [name, weight === undefined ? 1 : readWeight(weight)];
}

/** A weight that can't be parsed counts as zero. */
function readWeight(parameter: string): number {
  return Number(/^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter)?.[1] ?? 0);
}
