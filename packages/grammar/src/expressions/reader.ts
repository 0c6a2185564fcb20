import { type ExpressionError, type ExpressionErrorClass, quote } from "./expression-error.ts";
import { type Token, type TokenKind, tokenise } from "./tokenise.ts";

/** Reads the tokens of an expression once, from first to last. */
export class Reader {
  readonly text: string;
  readonly #Refusal: ExpressionErrorClass;
  readonly #tokens: readonly Token[];
  #next = 0;

  /** @param Refusal what is thrown for an expression that isn't valid */
  constructor(text: string, Refusal: ExpressionErrorClass) {
    this.text = text;
    this.#Refusal = Refusal;
    this.#tokens = tokenise(text, Refusal);
  }

  get current(): Token {
    // The last token marks the end, and no caller takes it.
    return this.#tokens[this.#next] as Token;
  }

  /** Offset at which the last taken token ends. */
  get end(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  take(): Token {
    const token = this.current;
    if (token.kind !== "end") this.#next += 1;
    return token;
  }

  takeIf(matches: (token: Token) => boolean): Token | undefined {
    return matches(this.current) ? this.take() : undefined;
  }

  takeKeyword(keyword: string): Token | undefined {
    return this.takeIf((token) => isKeyword(token, keyword));
  }

  expect(kind: TokenKind, expected: string): Token {
    return this.current.kind === kind ? this.take() : this.refuse(expected);
  }

  /** Throws for the current token. */
  refuse(expected: string): never {
    const { kind, text, start } = this.current;
    throw this.problem(start, `expected ${expected}, found ${kind === "end" ? "the end" : quote(text)}`);
  }

  problem(offset: number, problem: string): ExpressionError {
    return new this.#Refusal(offset, problem);
  }
}

/** Keywords are words in any case. */
export function isKeyword({ kind, text }: Token, keyword: string): boolean {
  return kind === "word" && text.toUpperCase() === keyword;
}

/** Reads `[a, b]`. An empty list is refused. */
export function readList<Value>(reader: Reader, readValue: () => Value): readonly Value[] {
  reader.expect("open list", "[");
  const values: Value[] = [];
  do {
    values.push(readValue());
  } while (reader.takeIf(({ kind }) => kind === "comma") !== undefined);
  reader.expect("close list", ", or ]");
  return values;
}
