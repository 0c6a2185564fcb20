import { attributeName } from "./reflect.ts";
import { english, type Text, type Texts, type Values } from "./texts.ts";

/** The element's language: its texts, and numbers as they are written there. */
export interface Words {
  /** A text with its values filled in, or `fallback` where there is none of that name. */
  say(key: string, values?: Values, fallback?: string): string;
  /** Decimal units, as file managers and shops show them. */
  size(bytes: number): string;
  /** @param share 0 to 1 */
  percent(share: number): string;
}

export const textAttribute = (key: string): string => attributeName(`text-${key}`);

/** Texts of the property go before those of attributes, and both before the English ones. */
export function wordsFor(element: HTMLElement, texts: () => Texts): Words {
  const number = (value: number, unit: string, maximumFractionDigits = 0): string => {
    const options = { style: "unit", unit, maximumFractionDigits } as const;
    try {
      return value.toLocaleString(element.closest<HTMLElement>("[lang]")?.lang || undefined, options);
    } catch {
      // A page may say anything in its `lang`.
      return value.toLocaleString(undefined, options);
    }
  };

  return {
    say(key, values = {}, fallback = "") {
      const text: Text =
        texts()[key] ?? element.getAttribute(textAttribute(key)) ?? (english as Texts)[key] ?? fallback;
      return typeof text === "function" ? text(values) : text.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`);
    },
    size(bytes) {
      const power = Math.min(3, Math.floor(Math.log10(bytes || 1) / 3));
      const value = bytes / 1000 ** power;
      return number(value, `${["", "kilo", "mega", "giga"][power]}byte`, value < 10 && power > 0 ? 1 : 0);
    },
    // Rounded down: 100 % is for what has been sent.
    percent: (share) => number(Math.floor(share * 100), "percent"),
  };
}
