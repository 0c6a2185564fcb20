import type { AcceptedFormats } from "../../media/image/plan/choose-output.ts";

/**
 * The formats that a client accepts by name (docs/protocol/delivery.md §9.3). A wildcard doesn't count, because
 * programs that know nothing about images send one. Answers that depend on these formats carry `Vary: Accept`.
 */
export function acceptedFormats(accept: string | undefined): AcceptedFormats {
  const ranges = (accept ?? "").toLowerCase().split(",");
  const takes = (type: string): boolean => ranges.some((range) => names(range, type));
  return { webp: takes("image/webp"), avif: takes("image/avif") };
}

function names(range: string, wanted: string): boolean {
  const [type, ...parameters] = range.split(";").map((part) => part.trim());
  return type === wanted && !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
}
