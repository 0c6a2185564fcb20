import { parseDecimal, printNumber } from "./values/number.ts";

export const sizeVariables = ["iw", "ih", "iar", "cw", "ch", "car"] as const;
export const parentVariables = ["bw", "bh", "bar"] as const;
export const durationVariables = ["idu", "bdu"] as const;
export const densityVariables = ["idn"] as const;

/** The variables of expressions, grouped by what they describe. */
export const variableGroups = [
  {
    variables: sizeVariables,
    description: "width, height and ratio: of the file (in a layer: of what it shows), and now",
  },
  { variables: parentVariables, description: "of what the layer lies on; the only ones for text and blocks" },
  { variables: durationVariables, description: "seconds of the file, and of what a layer lies on; in durations alone" },
  { variables: densityVariables, description: "density of the file; in `dn` alone" },
] as const;

export type Variable =
  | (typeof sizeVariables)[number]
  | (typeof parentVariables)[number]
  | (typeof durationVariables)[number]
  | (typeof densityVariables)[number];

export type Operand = number | Variable;
export type Operator = "add" | "sub" | "mul" | "div" | "mod" | "pow";

/**
 * Arithmetic as it is written: the operands and the operators between them, one operator fewer than operands. There are
 * no parentheses; `precedence` decides which operator binds first (docs/protocol/transformations.md §3).
 */
export interface Expression {
  readonly kind: "expression";
  readonly operands: readonly Operand[];
  readonly operators: readonly Operator[];
}

/**
 * The operators from the tightest to the loosest. Equals are evaluated from left to right. Unlike in other languages, a
 * power binds loosest.
 */
const precedence: readonly (readonly Operator[])[] = [["mul", "div"], ["add", "sub"], ["mod"], ["pow"]];

const operations = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  div: (left, right) => left / right,
  mod: (left, right) => left % right,
  pow: (left, right) => left ** right,
} as const satisfies Record<Operator, (left: number, right: number) => number>;

/** @returns undefined when the text is not an expression over the allowed variables */
export function parseExpression(text: string, allowed: ReadonlySet<Variable>): Expression | undefined {
  const parsed = parseOperations(text.split("_"), allowed);
  return parsed?.length === 1 ? parsed[0] : undefined;
}

/**
 * Reads several expressions in a row. A new expression begins where two operands meet: `10_bw_div_2_30` contains three.
 * @returns undefined when an operand or operator is missing or unknown
 */
export function parseOperations(
  words: readonly string[],
  allowed: ReadonlySet<Variable>,
): readonly Expression[] | undefined {
  const expressions: { operands: Operand[]; operators: Operator[] }[] = [];
  let pending: Operator | undefined;
  for (const word of words) {
    const current = expressions.at(-1);
    if (isOperator(word)) {
      if (current === undefined || pending !== undefined) return undefined;
      pending = word;
      continue;
    }
    const operand = parseOperand(word, allowed);
    if (operand === undefined) return undefined;
    if (current === undefined || pending === undefined) {
      expressions.push({ operands: [operand], operators: [] });
    } else {
      current.operands.push(operand);
      current.operators.push(pending);
      pending = undefined;
    }
  }
  if (pending !== undefined) return undefined;
  return expressions.map(({ operands, operators }) => ({ kind: "expression", operands, operators }));
}

export function printExpression({ operands, operators }: Expression): string {
  return operands
    .map((operand, index) => {
      const text = typeof operand === "number" ? printNumber(operand) : operand;
      const operator = operators[index - 1];
      return operator === undefined ? text : `_${operator}_${text}`;
    })
    .join("");
}

/**
 * Works an expression out, in time linear in its length.
 * @param values the values of the variables at the place where the expression is used
 * @returns undefined where it gives no number: a variable has no value, the expression divides by zero, or the result is
 * too large
 */
export function evaluateExpression(
  expression: Expression,
  values: Readonly<Partial<Record<Variable, number>>>,
): number | undefined {
  let operands = expression.operands.map((operand) => finite(typeof operand === "number" ? operand : values[operand]));
  let operators = expression.operators;
  for (const level of precedence) {
    const reduced = [operands[0]];
    const remaining: Operator[] = [];
    for (const [index, operator] of operators.entries()) {
      const right = operands[index + 1];
      if (level.includes(operator)) reduced.push(operate(operator, reduced.pop(), right));
      else {
        remaining.push(operator);
        reduced.push(right);
      }
    }
    operands = reduced;
    operators = remaining;
  }
  return operands[0];
}

function operate(operator: Operator, left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  return finite(operations[operator](left, right));
}

/** Gives undefined for what is no finite number. What follows could make one of it again: 5 modulo infinity is 5. */
function finite(number: number | undefined): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}

function isOperator(word: string): word is Operator {
  return Object.hasOwn(operations, word);
}

function parseOperand(word: string, allowed: ReadonlySet<Variable>): Operand | undefined {
  return (allowed as ReadonlySet<string>).has(word) ? (word as Variable) : parseDecimal(word);
}
