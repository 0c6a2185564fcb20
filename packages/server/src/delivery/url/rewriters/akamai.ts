import { numeric, type Rewritten, type Translate, translateQuery } from "./rewritten.ts";

/** The parameters of Akamai Image Manager that are translated (docs/url-endpoints.md). */
const akamaiParameters: Readonly<Record<string, Translate>> = {
  imwidth: numeric("w"),
  imheight: numeric("h"),
};

/** The service's other parameters. */
const untranslated = /^im(?:policy|format|density|bypass|color)?$/;

/** @throws RewriteProblem */
export function rewriteAkamai(rest: string): Rewritten {
  const { parts } = translateQuery("Akamai", rest, akamaiParameters, untranslated);
  return { rest, transformations: parts.size === 0 ? [] : [[...parts.values()].join(",")] };
}
