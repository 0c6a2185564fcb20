import { attributeName } from "./reflect.ts";
import { english, type Text, type Texts, type Values } from "./texts.ts";

/** The element's texts in its language, and numbers as that language writes them. */
export interface Words {
  /** Returns a text with its values filled in, or `fallback` if there is no text of that name. */
  say(key: string, values?: Values, fallback?: string): string;
  /** Formats a size in decimal units, as file managers and shops show them. */
  size(bytes: number): string;
  /** Formats a size per second, in the same units. */
  speed(bytes: number): string;
  time(seconds: number): string;
  /** @param share 0 to 1 */
  percent(share: number): string;
  /**
   * Names the file types that `accept` asks for, such as "images and PDF". It is empty if `accept` asks for nothing.
   * @param accept default: the element's attribute
   */
  types(accept?: string): string;
}

export const textAttribute = (key: string): string => attributeName(`text-${key}`);

/** Texts from the property take precedence over texts from attributes, and both over the English texts. */
export function wordsFor(element: HTMLElement, texts: () => Texts): Words {
  /** Formats a value in the language that applies where the element stands. */
  function inLanguage(write: (language: string | undefined) => string): string {
    try {
      return write(element.closest<HTMLElement>("[lang]")?.lang || undefined);
    } catch {
      // A page may write anything into its `lang`.
      return write(undefined);
    }
  }

  const number = (value: number, unit: string, maximumFractionDigits = 0): string =>
    inLanguage((language) => value.toLocaleString(language, { style: "unit", unit, maximumFractionDigits }));

  function size(bytes: number, per = ""): string {
    const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes || 1)) / 3));
    const value = bytes / 1000 ** power;
    return number(value, `${["", "kilo", "mega", "giga"][power]}byte${per}`, value < 10 && power > 0 ? 1 : 0);
  }

  function say(key: string, values: Values = {}, fallback = ""): string {
    const text: Text = texts()[key] ?? element.getAttribute(textAttribute(key)) ?? (english as Texts)[key] ?? fallback;
    return typeof text === "function" ? text(values) : text.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`);
  }

  return {
    say,
    size: (bytes) => size(bytes),
    speed: (bytes) => size(bytes, "-per-second"),
    time(seconds) {
      const power = Number(seconds > 60) + Number(seconds > 3600);
      return number(Math.ceil(seconds / 60 ** power), ["second", "minute", "hour"][power] ?? "");
    },
    // The percentage is rounded down: 100 % means that everything has been sent.
    percent: (share) => number(Math.floor(share * 100), "percent"),
    types(accept = element.getAttribute("accept") ?? "") {
      const entries = accept.toLowerCase().split(/[\s,]+/);
      const names = entries.map((entry) => {
        const [, kind] = /^([\w*]+)\/(\*|plain)$/.exec(entry) ?? [];
        // `.pdf` is PDF, `image/svg+xml` SVG, `application/vnd.ms-excel` EXCEL.
        return kind ? say(kind) : entry.replace(/\+.*|.*[/.-]/g, "").toUpperCase();
      });
      const list = [...new Set(names)].filter(Boolean);
      return say("types") || inLanguage((language) => new Intl.ListFormat(language).format(list));
    },
  };
}
