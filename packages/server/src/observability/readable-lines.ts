import { createRequire } from "node:module";
import { styleText } from "node:util";

interface AnsweredLine {
  readonly time: number;
  readonly level: number;
  readonly msg?: string;
  readonly req?: { readonly method?: string; readonly path?: string };
  readonly res?: { readonly statusCode?: number };
  readonly reason?: string;
  readonly ms?: number;
  readonly reqId?: string;
  /** The process's name where there are several. */
  readonly process?: string;
}

/**
 * Makes lines of JSON readable for a person at a terminal. The line of an answered request is put together here,
 * because every request has one and pino-pretty takes ten times as long for it. pino-pretty is loaded with the first
 * other line.
 * @param colours whether the terminal shows colours
 */
export function readableLines(colours: boolean): (line: string) => string {
  const info = colours ? styleText("green", "INFO", { validateStream: false }) : "INFO";
  const refused = colours ? styleText("yellow", "INFO", { validateStream: false }) : "INFO";
  let prettify: ((line: string) => string) | undefined;

  return (line) => {
    const read = JSON.parse(line) as AnsweredLine;
    if (read.msg === "answered" && read.level === 30 && read.req !== undefined) {
      const { time, req, res, reason, ms, reqId, process } = read;
      const label = reason === undefined ? info : refused;
      const outcome = reason === undefined ? res?.statusCode : `${res?.statusCode} ${reason}`;
      const where = process === undefined ? "" : `, process ${process}`;
      const text = `${req.method} ${printable(req.path)} ${outcome} (${ms} ms${where}, request ${reqId})`;
      return `[${clock(time)}] ${label}: ${text}\n`;
    }
    prettify ??= loadPretty().prettyFactory({ colorize: colours, singleLine: true, translateTime: "SYS:HH:MM:ss.l" });
    return prettify(line);
  };
}

/** Loads pino-pretty synchronously, because it is needed in the middle of a write, which can't wait. */
function loadPretty(): typeof import("pino-pretty") {
  return createRequire(import.meta.url)("pino-pretty");
}

/** Removes control characters from the path, which the caller chooses: they could change what the terminal shows. */
function printable(path: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return String(path).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "");
}

function clock(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
