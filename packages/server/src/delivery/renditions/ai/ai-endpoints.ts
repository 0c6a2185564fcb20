import { aiEffects, isAiEffect } from "../../../media/image/plan/ai-effects.ts";
import { parseEndpoints } from "../../../network/endpoint-settings.ts";

/** Parses which endpoint does which effect. @throws ConfigError */
export function parseAiEndpoints(text: string): Readonly<Record<string, string>> {
  return parseEndpoints(text, {
    flag: "--ai-effect",
    isName: isAiEffect,
    form: `<effect>=<url>, the effect one of ${Object.keys(aiEffects).join(", ")}`,
  });
}
