import { ignored, type Scope, type Shape } from "../shape.ts";

/**
 * A shape for effects that may stand without parameters. SDKs write `true` for that, and `false` if the caller wants no
 * effect.
 */
export function effectShape<Value>(
  values: string,
  standard: Value,
  parse: (text: string, scope: Scope) => Value | undefined,
  print: (value: Value) => string,
  settle?: Shape<Value>["settle"],
): Shape<Value> {
  return {
    values: `none; ${values}`,
    parse: (text, scope) => {
      if (text === undefined || ["", "-", "true"].includes(text)) return standard;
      return text === "false" ? ignored : parse(text, scope);
    },
    print,
    ...(settle !== undefined && { settle }),
  };
}
