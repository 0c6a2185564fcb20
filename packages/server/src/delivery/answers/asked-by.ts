import { createHash } from "node:crypto";
import type { Delivery } from "../delivery.ts";
import type { Asked } from "../renditions/rendition.ts";
import type { AnswerNeeds } from "./needs.ts";

/** Describes what a URL asks to be made. Only whoever may write any URL may have anything made by models. */
export function askedBy({ unsigned }: Pick<AnswerNeeds["ai"], "unsigned">, delivery: Delivery): Asked {
  const { signed, oneName, url } = delivery;
  const isFree = signed || unsigned;
  return {
    ...delivery,
    models: isFree ? "any" : oneName ? "one-name" : "none",
    variation: isFree && url.others !== "" ? createHash("sha256").update(url.others).digest("hex") : undefined,
    query: url.query,
    sanitizes: url.sanitizeSvg,
  };
}
