import { splitRest } from "../delivery-url.ts";
import { queryValue, splitQuery } from "../query.ts";
import { numeric, RewriteProblem, type Rewritten, type Translate } from "./rewritten.ts";

/** The parameters of Akamai Image Manager that are translated (docs/url-endpoints.md). */
const akamaiParameters: Readonly<Record<string, Translate>> = {
  imwidth: numeric("w"),
  imheight: numeric("h"),
};

/** The service's other parameters. Leaving them out would deliver something else than the URL asks for. */
const untranslated: ReadonlySet<string> = new Set(["im", "impolicy", "imformat", "imdensity", "imbypass", "imcolor"]);

/** @throws RewriteProblem */
export function rewriteAkamai(rest: string): Rewritten {
  const { query } = splitRest(rest);
  const pairs = query === undefined ? [] : splitQuery(query);
  const parameters = new Set(pairs.map(({ name }) => name));
  const parts: string[] = [];
  for (const name of parameters) {
    if (untranslated.has(name)) throw new RewriteProblem("Akamai", name);
    if (!Object.hasOwn(akamaiParameters, name)) continue;
    const value = queryValue(pairs, name) ?? "";
    const part = akamaiParameters[name]?.(value);
    if (part === undefined) throw new RewriteProblem("Akamai", `${name}=${value}`);
    if (part !== null) parts.push(part);
  }
  return { rest, transformations: parts.length === 0 ? [] : [parts.join(",")] };
}
