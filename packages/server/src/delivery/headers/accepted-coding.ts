/** Content codings that files are sent in, best first. */
export const codings = ["br", "gzip"] as const;
export type Coding = (typeof codings)[number];

/** More than clients have to say; what is beyond them isn't read. */
const mostItems = 16;

/**
 * The coding that a client takes and rates highest, the better one of two that it rates alike (RFC 9110 §12.5.3);
 * undefined where it gets the bytes as they are. A wildcard stands for gzip alone: what sends one may not know of Brotli.
 */
export function acceptedCoding(acceptEncoding: string | undefined): Coding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const weights = new Map(acceptEncoding.toLowerCase().split(",", mostItems).map(readItem));
  const weightOf = {
    br: weights.get("br") ?? 0,
    gzip: weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0,
  } as const satisfies Record<Coding, number>;
  const best = weightOf.br >= weightOf.gzip ? "br" : "gzip";
  return weightOf[best] > 0 && weightOf[best] >= (weights.get("identity") ?? 0) ? best : undefined;
}

function readItem(item: string): [name: string, weight: number] {
  const [name = "", ...parameters] = item.split(";", mostItems).map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith("q"));
  return [name, weight === undefined ? 1 : readWeight(weight)];
}

/** What can't be read is no wish. */
function readWeight(parameter: string): number {
  return Number(/^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter)?.[1] ?? 0);
}
