/** A system call, from one line of strace's output or from two that belong together. */
export interface SystemCall {
  /** The thread that made the call. */
  readonly thread: number;
  readonly name: string;
  /** The text between the brackets, without its strings. */
  readonly text: string;
  readonly strings: readonly Buffer[];
  /** The value is undefined when the call had not returned, or failed. */
  readonly result: number | undefined;
  /** The numbers of the lines on which the call began and ended. */
  readonly begin: number;
  readonly end: number;
}

/** Reads strace's output (`-f -yy -o`, strings not cut off), decoded as Latin-1. */
export function* systemCalls(output: string): Generator<SystemCall> {
  const unfinished = new Map<string, { readonly text: string; readonly begin: number }>();
  let line = -1;
  for (const whole of lines(output)) {
    line++;
    const [, thread = "", text = ""] = /^(\d+) +(.*)$/.exec(whole) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>/.exec(text)?.[0];
    if (text.endsWith(unfinishedMark)) {
      unfinished.set(thread, { text: text.slice(0, -unfinishedMark.length), begin: line });
    } else if (resumed !== undefined) {
      const started = unfinished.get(thread);
      unfinished.delete(thread);
      if (started !== undefined) yield parse(thread, started.text + text.slice(resumed.length), started.begin, line);
    } else if (/^\w+\(/.test(text)) {
      yield parse(thread, text, line, line);
    }
  }
}

const unfinishedMark = " <unfinished ...>";

function* lines(output: string): Generator<string> {
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf("\n", start);
    // A line without an end was cut off with the traced process.
    if (end === -1) return;
    yield output.slice(start, end);
    start = end + 1;
  }
}

function parse(thread: string, call: string, begin: number, end: number): SystemCall {
  const strings: Buffer[] = [];
  let rest = "";
  let position = 0;
  for (let quote = call.indexOf('"'); quote !== -1; quote = call.indexOf('"', position)) {
    const close = closingQuote(call, quote + 1);
    strings.push(unescaped(call.slice(quote + 1, close)));
    rest += `${call.slice(position, quote)}""`;
    position = close + 1;
    if (call.startsWith("...", position)) throw new Error(`strace has cut off a string: ${rest}`);
  }
  rest += call.slice(position);
  const [, name = "", text = "", result] = /^(\w+)\((.*)\) += (\d+)?/.exec(rest) ?? [];
  const number = result === undefined ? undefined : Number(result);
  return { thread: Number(thread), name, text, strings, result: number, begin, end };
}

function closingQuote(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  throw new Error("a string of strace's has no end");
}

const letters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", v: "\v", f: "\f" };

function unescaped(text: string): Buffer {
  const plain = text.replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal: string | undefined, letter: string) =>
    octal === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(plain, "latin1");
}
